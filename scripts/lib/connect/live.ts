import { z } from 'zod';
import { asToolError } from '../errors';
import { runtimeOf } from '../messaging';
import type { Desired } from '../model';
import type { Sf } from '../sf';
import type { Deployment, LiveFacts } from './connection';

/** What of the CLI is needed here; nothing is written with it. */
export type Asks = Pick<Sf, 'logins' | 'query'>;

/**
 * Reads what only the org knows: which deployments serve which channel, Setup's included, and where their sites are. An org
 * that cannot be asked is no error: what it would have said is marked as missing.
 */
export async function readLive(sf: Asks, { org }: Desired): Promise<LiveFacts> {
  const nothing = { deployments: new Map<string, readonly Deployment[]>() };
  const instanceUrl = (await sf.logins()).get(org.alias);
  if (instanceUrl === undefined) return { ...nothing, unread: `The CLI has no login "${org.alias}".` };
  const runtime = runtimeOf(instanceUrl);
  const known = { ...nothing, ...(runtime !== undefined && { runtime }) };
  try {
    const deployments = await readDeployments(sf, org.alias);
    const allowed = await readAllowed(sf, org.alias);
    return { ...known, deployments, ...(allowed && { allowed }) };
  } catch (thrown) {
    const { what, why } = asToolError(thrown);
    return { ...known, unread: `${what} ${why}` };
  }
}

const DEPLOYMENTS =
  "SELECT DeveloperName, DeploymentType, SiteId FROM EmbeddedServiceConfig WHERE DeploymentFeature = 'EmbeddedMessaging'";

const row = z.object({ DeveloperName: z.string(), DeploymentType: z.string(), SiteId: z.string().nullish() });

async function readDeployments(sf: Asks, alias: string): Promise<ReadonlyMap<string, readonly Deployment[]>> {
  const rows = (await sf.query(alias, DEPLOYMENTS, true)).flatMap((each) => row.safeParse(each).data ?? []);
  const sites = await readSites(
    sf,
    alias,
    rows.flatMap(({ SiteId }) => SiteId ?? []),
  );
  const channels = new Map<string, readonly Deployment[]>();
  for (const { DeveloperName: name, DeploymentType: type, SiteId } of rows) {
    const channel = await readChannel(sf, alias, name);
    const site = sites.get(SiteId ?? '');
    const deployment = { name, type, ...(site !== undefined && { site }) };
    if (channel !== undefined) channels.set(channel, [...(channels.get(channel) ?? []), deployment]);
  }
  return channels;
}

const served = z.object({
  Metadata: z.object({ embeddedServiceMessagingChannel: z.object({ messagingChannel: z.string() }) }),
});

/** Metadata is answered for one record at a time only (Tooling API guide, EmbeddedServiceConfig). */
async function readChannel(sf: Asks, alias: string, name: string): Promise<string | undefined> {
  if (!/^\w+$/.test(name)) return undefined;
  const soql = `SELECT Metadata FROM EmbeddedServiceConfig WHERE DeveloperName = '${name}'`;
  const [found] = await sf.query(alias, soql, true);
  return served.safeParse(found).data?.Metadata.embeddedServiceMessagingChannel.messagingChannel;
}

const domainSite = z.object({
  SiteId: z.string(),
  PathPrefix: z.string().nullish(),
  Domain: z.object({ Domain: z.string() }),
});

/**
 * The addresses of sites (object reference: DomainSite joins Site and Domain). A site may have several; the snippet of Setup
 * names the one on my.site.com. What cannot be read is left out.
 */
async function readSites(sf: Asks, alias: string, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const known = ids.filter((id) => /^\w{15,18}$/.test(id)).map((id) => `'${id}'`);
  if (known.length === 0) return new Map();
  const soql = `SELECT SiteId, PathPrefix, Domain.Domain FROM DomainSite WHERE SiteId IN (${known.join(', ')})`;
  const rows = await sf.query(alias, soql).catch(() => []);
  const sites = rows.flatMap((each) => domainSite.safeParse(each).data ?? []);
  const mine = sites.filter(({ Domain }) => Domain.Domain.endsWith('.my.site.com'));
  return new Map(
    mine.map(({ SiteId, PathPrefix, Domain }) => [SiteId, `https://${Domain.Domain}${pathOf(PathPrefix ?? '')}`]),
  );
}

const entry = z.object({ UrlPattern: z.string() });

/**
 * The origins that the org allows (sf-skills: service-itsm-teams-employee-agent-configure asks the same of the data API).
 * Undefined where the login may not see them.
 */
async function readAllowed(sf: Asks, alias: string): Promise<readonly string[] | undefined> {
  const rows = await sf.query(alias, 'SELECT UrlPattern FROM CorsWhitelistEntry').catch(() => undefined);
  return rows?.flatMap((each) => entry.safeParse(each).data?.UrlPattern ?? []);
}

const pathOf = (prefix: string): string =>
  (prefix === '' || prefix.startsWith('/') ? prefix : `/${prefix}`).replace(/\/$/, '');
