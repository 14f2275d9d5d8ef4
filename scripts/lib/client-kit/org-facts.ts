import { z } from 'zod';
import { asToolError } from '../errors';
import { chatApiUrlOf } from '../chat-api';
import type { DesiredState } from '../model';
import { assertOrgId } from '../org';
import type { Sf } from '../sf';
import type { ChatDeployment, OrgFacts } from './channel-connection';

/** The read-only part of the CLI that is used here. */
export type OrgReader = Pick<Sf, 'loginOf' | 'query'>;

/**
 * Reads the chat deployments of each channel, including those created in Setup, and the URLs of their sites. Never throws: if the
 * org can't be read, `unreadReason` says why.
 */
export async function readOrgFacts(sf: OrgReader, { org }: DesiredState): Promise<OrgFacts> {
  let known: OrgFacts = { deployments: new Map<string, readonly ChatDeployment[]>() };
  try {
    await assertOrgId(sf, org);
    const runtime = chatApiUrlOf((await sf.loginOf(org.alias)).instanceUrl);
    known = { ...known, ...(runtime !== undefined && { runtime }) };
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

/** A query can return Metadata for one record only (Tooling API guide, EmbeddedServiceConfig). */
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
 * Reads the URLs of sites (object reference: DomainSite joins Site and Domain). A site can have several; the code snippet in Setup
 * contains the one on my.site.com. Empty if they can't be read.
 */
async function readSites(sf: OrgReader, alias: string, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const quotedIds = ids.filter((id) => /^\w{15,18}$/.test(id)).map((id) => `'${id}'`);
  if (quotedIds.length === 0) return new Map();
  const soql = `SELECT SiteId, PathPrefix, Domain.Domain FROM DomainSite WHERE SiteId IN (${quotedIds.join(', ')})`;
  const rows = await sf.query(alias, soql).catch(() => []);
  const sites = rows.flatMap((each) => domainSiteRow.safeParse(each).data ?? []);
  return new Map(
    sites.flatMap(({ SiteId, PathPrefix, Domain: { Domain: domain } }) => {
      const origin = siteOriginOf(domain);
      return origin === undefined ? [] : [[SiteId, `${origin}${normalizePath(PathPrefix ?? '')}`] as const];
    }),
  );
}

/** The origin of a site on a domain; undefined for a custom domain. A local org serves its sites on loopback, without HTTPS. */
function siteOriginOf(domain: string): string | undefined {
  if (/^127\.0\.0\.1:\d+$/.test(domain)) return `http://${domain}`;
  return domain.endsWith('.my.site.com') ? `https://${domain}` : undefined;
}

const allowlistRow = z.object({ UrlPattern: z.string() });

/**
 * Reads the allowed origins (sf-skills: service-itsm-teams-employee-agent-configure uses the same query). Undefined if the login
 * can't read them.
 */
async function readAllowedOrigins(sf: OrgReader, alias: string): Promise<readonly string[] | undefined> {
  const rows = await sf.query(alias, 'SELECT UrlPattern FROM CorsWhitelistEntry').catch(() => undefined);
  return rows?.flatMap((each) => allowlistRow.safeParse(each).data?.UrlPattern ?? []);
}

const normalizePath = (prefix: string): string =>
  (prefix === '' || prefix.startsWith('/') ? prefix : `/${prefix}`).replace(/\/$/, '');
