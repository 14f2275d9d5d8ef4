import { chatApiUrlFor } from '../chat-api';
import { download } from '../verification/endpoint';
import { asToolError, ToolError } from '../errors';
import { readJwks } from '../jwk';
import {
  canVerifyMembers,
  componentsOf,
  joinNames,
  jwksUrlOf,
  npmRun,
  ownSites,
  pluralize,
  siteText,
  type DesiredState,
  type OrgFacts,
} from '../model';
import { assertIdentity, readChannels, readFacts } from '../org';
import { isLocalOrg } from '../rules';
import type { Sf } from '../sf';
import { attempt, failed, passed, skipped, type Checkup } from './checkup';
import { hostChecks } from './machine-checks';
import type { Machine } from './machine';

/** The methods of the CLI that the checks use. All of them read. */
export type OrgReader = Pick<Sf, 'loginOf' | 'query' | 'home' | 'experienceSites'>;

/** An org to check. Without an org file, `desired` is undefined, and what the file declares isn't checked. */
export interface OrgToCheck {
  readonly alias: string;
  readonly desired?: DesiredState;
}

const UNREAD = [
  'Org ID',
  'Permissions',
  'Omni-Channel',
  'Messaging',
  'Channels',
  'Chat deployments',
  'Enhanced Chat API',
];

/** Checks one org from its login to its endpoints. What can't be read after a failure is skipped. */
export async function orgChecks(sf: OrgReader, machine: Machine, org: OrgToCheck): Promise<readonly Checkup[]> {
  const { alias } = org;
  let instanceUrl: string | undefined;
  const login = await attempt(alias, 'Login', async () => {
    const { username, instanceUrl: url } = await sf.loginOf(alias);
    instanceUrl = url;
    return `${username}${ageText(machine.loginStoredAt(sf.home, username), machine.now())}`;
  });
  if (instanceUrl === undefined) return [{ ...login, isAccess: true }, ...skipAll(alias, 'There is no login.')];
  const host = await hostChecks(machine, alias, instanceUrl);
  if (host.some(({ status }) => status === 'failed') && host[0]?.isAccess)
    return [login, ...host, ...skipAll(alias, "The org doesn't respond.")];
  return [login, ...host, ...(await contentChecks(sf, machine, org))];
}

const skipAll = (alias: string, reason: string): readonly Checkup[] =>
  UNREAD.map((title) => skipped(alias, title, reason));

const DAY_MS = 24 * 60 * 60 * 1000;

function ageText(storedAt: Date | undefined, now: Date): string {
  if (!storedAt) return '';
  const days = Math.max(0, Math.floor((now.getTime() - storedAt.getTime()) / DAY_MS));
  return `, stored ${storedAt.toISOString().slice(0, 10)} (${pluralize(days, 'day')} ago)`;
}

async function contentChecks(sf: OrgReader, machine: Machine, org: OrgToCheck): Promise<readonly Checkup[]> {
  const { alias, desired } = org;
  let facts: OrgFacts | undefined;
  const identity = await attempt(alias, 'Org ID', async () => {
    const read = await readFacts(sf as Sf, alias);
    facts = read;
    if (desired) assertIdentity(desired.org, read);
    return `${read.orgId} (${read.kind})${desired ? `, the same as in ${desired.org.file}` : ''}`;
  });
  if (!facts || identity.status === 'failed')
    return [{ ...identity, isAccess: true }, ...skipAll(alias, "The org can't be used.").slice(1)];
  return [
    identity,
    permissionCheck(alias, facts),
    ...(await featureChecks(sf, alias)),
    await channelCheck(sf, org),
    await chatDeploymentCheck(sf, alias),
    ...(await siteChecks(sf, alias)),
    await chatApiCheck(sf, machine, org),
    ...(await endpointChecks(desired)),
  ];
}

/** The permissions are those that every plan needs; see `PERMISSIONS` in lib/org/facts.ts for their sources. */
const permissionCheck = (alias: string, { missingPermissions }: OrgFacts): Checkup =>
  missingPermissions.length === 0
    ? passed(alias, 'Permissions', 'all that commands need')
    : failed(
        alias,
        'Permissions',
        `The user is missing: ${missingPermissions.join(', ')}.`,
        'Assign a permission set with these permissions to the user, such as User_Verification_Admin in force-app.',
      );

const UNSUPPORTED = /sObject type '\w+' is not supported/i;

/**
 * Service channels exist only with Omni-Channel (Metadata API guide, meta_servicechannel: "available only if Omni-Channel is
 * enabled"). Messaging adds the standard one, sfdc_livemessage (sf-skills, service-omni-service-channel-configure).
 */
async function featureChecks(sf: OrgReader, alias: string): Promise<readonly Checkup[]> {
  const query = "SELECT DeveloperName FROM ServiceChannel WHERE DeveloperName = 'sfdc_livemessage'";
  const messagingFix = 'In Setup, Quick Find "Messaging Settings", turn on Messaging.';
  try {
    const rows = await sf.query(alias, query);
    return [
      passed(alias, 'Omni-Channel', 'on'),
      rows.length > 0
        ? passed(alias, 'Messaging', 'on')
        : failed(alias, 'Messaging', 'The org has no service channel for messaging sessions.', messagingFix),
    ];
  } catch (thrown) {
    const { what, why } = asToolError(thrown);
    const isOff = UNSUPPORTED.test(why);
    const reason = isOff ? 'The login sees no service channels.' : `${what} ${why}`;
    return [
      isOff
        ? failed(alias, 'Omni-Channel', reason, 'In Setup, Quick Find "Omni-Channel Settings", enable Omni-Channel.')
        : skipped(alias, 'Omni-Channel', reason),
      skipped(alias, 'Messaging', 'It is read with Omni-Channel.'),
    ];
  }
}

function channelCheck(sf: OrgReader, { alias, desired }: OrgToCheck): Promise<Checkup> {
  return readOr(alias, 'Channels', async () => {
    const channels = await readChannels(sf as Sf, alias);
    const missing = (desired?.org.channels ?? []).filter((name) => !channels.has(name));
    const present = [...channels].map(([name, { active }]) => `${name} (${active ? 'active' : 'inactive'})`);
    if (missing.length > 0)
      return skipped(alias, 'Channels', `The org doesn't have ${missing.join(', ')} yet. A deploy creates them.`);
    return present.length > 0
      ? passed(alias, 'Channels', present.join(', '))
      : skipped(alias, 'Channels', 'The org has no Enhanced Chat channel yet. A deploy creates the declared ones.');
  });
}

function chatDeploymentCheck(sf: OrgReader, alias: string): Promise<Checkup> {
  const query =
    "SELECT DeveloperName, DeploymentType FROM EmbeddedServiceConfig WHERE DeploymentFeature = 'EmbeddedMessaging'";
  return readOr(alias, 'Chat deployments', async () => {
    const rows = await sf.query(alias, query, true);
    const names = rows.map((row) => `${String(row['DeveloperName'])} (${String(row['DeploymentType'])})`);
    return names.length > 0
      ? passed(alias, 'Chat deployments', names.join(', '))
      : skipped(alias, 'Chat deployments', 'The org has none yet. A deploy creates the declared ones.');
  });
}

/**
 * The Experience Cloud sites, and on which of them members can be verified, also before the org file declares `memberSite`. There is no
 * check for an org without such sites, or whose login can't read them: only the member site needs one.
 */
async function siteChecks(sf: OrgReader, alias: string): Promise<readonly Checkup[]> {
  const sites = ownSites(await sf.experienceSites(alias).catch(() => []));
  const [supported, others] = [true, false].map((expected) =>
    joinNames(sites.filter((site) => canVerifyMembers(site) === expected).map(siteText)),
  );
  const texts = [
    ...(supported ? [`Members can be verified on ${supported}.`] : []),
    ...(others ? [`Members can't be verified on ${others}.`] : []),
  ];
  return sites.length === 0 ? [] : [passed(alias, 'Experience sites', texts.join(' '))];
}

async function readOr(alias: string, title: string, read: () => Promise<Checkup>): Promise<Checkup> {
  try {
    return await read();
  } catch (thrown) {
    const { what, why, fix } = asToolError(thrown);
    return failed(alias, title, `${what} ${why}`, fix);
  }
}

function chatApiCheck(sf: OrgReader, machine: Machine, { alias, desired }: OrgToCheck): Promise<Checkup> {
  const org = desired?.org ?? { alias, file: `config/orgs/${alias}.json` };
  return attempt(alias, 'Enhanced Chat API', async () => {
    const url = new URL(await chatApiUrlFor(sf, org as DesiredState['org']));
    await machine.request(url).catch((thrown: unknown) => {
      throw new ToolError('chat-api-unreachable', {
        what: `${url.host} doesn't respond.`,
        why: thrown instanceof Error ? thrown.message : String(thrown),
        fix: 'Check scrt2URL in the org file, the proxy, and status.salesforce.com.',
      });
    });
    return `${url.host} responds`;
  });
}

/** The JWKS endpoints of the org as this machine reaches them. Salesforce can have another route to them. */
async function endpointChecks(desired: DesiredState | undefined): Promise<readonly Checkup[]> {
  if (!desired) return [];
  const { org } = desired;
  const keysets = componentsOf(desired.components, 'PublicKeyCertificateSet');
  const urls = [...new Set(keysets.flatMap((keyset) => jwksUrlOf(keyset) ?? []))];
  return Promise.all(
    urls.map((url) =>
      attempt(org.alias, `JWKS endpoint ${url}`, async () => {
        const { status, body } = await download(url, { allowLoopback: isLocalOrg(org) });
        const { keys, problem } = readJwks(body.toString(), new Date());
        if (status === 200 && keys) return `returns ${pluralize(keys.length, 'key')}`;
        throw new ToolError('endpoint-unreachable', {
          what: `It returns HTTP ${status}${status === 200 ? ' without a JWKS document' : ''}.`,
          why: problem ?? 'Salesforce reads the keys from this URL.',
          fix: `Check the endpoint: ${npmRun('keys', 'check-endpoint', keysetOf(keysets, url))}`,
        });
      }),
    ),
  );
}

const keysetOf = (keysets: ReturnType<typeof componentsOf>, url: string): string =>
  keysets.find((keyset) => jwksUrlOf(keyset) === url)?.fullName ?? 'KEYSET';
