import { z } from 'zod';
import { asToolError } from '../errors';
import { chatApiUrlOf } from '../chat-api';
import type { DesiredState } from '../model';
import type { Sf } from '../sf';
import type { ChatDeployment, OrgFacts } from './channel-connection';

/** What of the CLI is needed here; nothing is written with it. */
export type OrgReader = Pick<Sf, 'logins' | 'query'>;

/**
 * Reads what only the org knows: which deployments serve which channel, Setup's included, and where their sites are. An org
 * that cannot be asked is no error: what it would have said is marked as missing.
 */
export async function readOrgFacts(sf: OrgReader, { org }: DesiredState): Promise<OrgFacts> {
  const unknown = { deployments: new Map<string, readonly ChatDeployment[]>() };
  const instanceUrl = (await sf.logins()).get(org.alias);
  if (instanceUrl === undefined) return { ...unknown, unreadReason: `The CLI has no login "${org.alias}".` };
  const runtime = chatApiUrlOf(instanceUrl);
  const known = { ...unknown, ...(runtime !== undefined && { runtime }) };
  try {
    const deployments = await readChatDeployments(sf, org.alias);
    const allowed = await readAllowedOrigins(sf, org.alias);
    return { ...known, deployments, ...(allowed && { allowed }) };
  } catch (thrown) {
    const { what, why } = asToolError(thrown);
    return { ...known, unreadReason: `${what} ${why}` };
  }
}

const CHAT_DEPLOYMENTS_QUERY =
  "SELECT DeveloperName, DeploymentType, SiteId FROM EmbeddedServiceConfig WHERE DeploymentFeature = 'EmbeddedMessaging'";

const chatDeploymentRow = z.object({
  DeveloperName: z.string(),
  DeploymentType: z.string(),
  SiteId: z.string().nullish(),
});

async function readChatDeployments(
  sf: OrgReader,
  alias: string,
): Promise<ReadonlyMap<string, readonly ChatDeployment[]>> {
  const rows = (await sf.query(alias, CHAT_DEPLOYMENTS_QUERY, true)).flatMap(
    (each) => chatDeploymentRow.safeParse(each).data ?? [],
  );
  const sites = await readSites(
    sf,
    alias,
    rows.flatMap(({ SiteId }) => SiteId ?? []),
  );
  const channels = new Map<string, readonly ChatDeployment[]>();
  for (const { DeveloperName: name, DeploymentType: type, SiteId } of rows) {
    const channel = await readChannel(sf, alias, name);
    const site = sites.get(SiteId ?? '');
    const deployment = { name, type, ...(site !== undefined && { site }) };
    if (channel !== undefined) channels.set(channel, [...(channels.get(channel) ?? []), deployment]);
  }
  return channels;
}

const channelReference = z.object({
  Metadata: z.object({ embeddedServiceMessagingChannel: z.object({ messagingChannel: z.string() }) }),
});

/** Metadata is answered for one record at a time only (Tooling API guide, EmbeddedServiceConfig). */
async function readChannel(sf: OrgReader, alias: string, name: string): Promise<string | undefined> {
  if (!/^\w+$/.test(name)) return undefined;
  const soql = `SELECT Metadata FROM EmbeddedServiceConfig WHERE DeveloperName = '${name}'`;
  const [record] = await sf.query(alias, soql, true);
  return channelReference.safeParse(record).data?.Metadata.embeddedServiceMessagingChannel.messagingChannel;
}

const domainSiteRow = z.object({
  SiteId: z.string(),
  PathPrefix: z.string().nullish(),
  Domain: z.object({ Domain: z.string() }),
});

/**
 * The addresses of sites (object reference: DomainSite joins Site and Domain). A site may have several; the snippet of Setup
 * names the one on my.site.com. What cannot be read is left out.
 */
async function readSites(sf: OrgReader, alias: string, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const quotedIds = ids.filter((id) => /^\w{15,18}$/.test(id)).map((id) => `'${id}'`);
  if (quotedIds.length === 0) return new Map();
  const soql = `SELECT SiteId, PathPrefix, Domain.Domain FROM DomainSite WHERE SiteId IN (${quotedIds.join(', ')})`;
  const rows = await sf.query(alias, soql).catch(() => []);
  const sites = rows.flatMap((each) => domainSiteRow.safeParse(each).data ?? []);
  const mySites = sites.filter(({ Domain }) => Domain.Domain.endsWith('.my.site.com'));
  return new Map(
    mySites.map(({ SiteId, PathPrefix, Domain }) => [
      SiteId,
      `https://${Domain.Domain}${normalizePath(PathPrefix ?? '')}`,
    ]),
  );
}

const allowlistRow = z.object({ UrlPattern: z.string() });

/**
 * The origins that the org allows (sf-skills: service-itsm-teams-employee-agent-configure asks the same of the data API).
 * Undefined where the login may not see them.
 */
async function readAllowedOrigins(sf: OrgReader, alias: string): Promise<readonly string[] | undefined> {
  const rows = await sf.query(alias, 'SELECT UrlPattern FROM CorsWhitelistEntry').catch(() => undefined);
  return rows?.flatMap((each) => allowlistRow.safeParse(each).data?.UrlPattern ?? []);
}

const normalizePath = (prefix: string): string =>
  (prefix === '' || prefix.startsWith('/') ? prefix : `/${prefix}`).replace(/\/$/, '');
