import { asToolError } from '../errors';
import {
  SIGNER_FIELDS,
  SIGNER_RECORD_TYPE,
  undeclaredSignerRecords,
  type DesiredState,
  type LiveState,
  type SignerRecord,
} from '../model';
import type { Sf } from '../sf';
import { missingPermissionError, readFacts, readMissingPermissions } from './facts';
import { retrieveComponents, type RetrievedComponents } from './retrieve';

/** The live state of an org, and what its org file says that the org has: the components under "existing", and a certificate. */
export interface LiveOrg extends LiveState, Pick<RetrievedComponents, 'missing'> {
  /** The names of all queues. Read only if the org lacks a queue under "existing", to suggest a similar name. */
  readonly queues?: readonly string[];
}

/**
 * Reads one org: its components, and while Salesforce prepares them, its facts and which channels are active. Of the facts
 * that this run has read before (`known`), only the permissions are read again, so the caller checks the org ID (`assertOrgId`).
 */
export async function readOrg(
  sf: Sf,
  desired: DesiredState,
  apiVersion: string,
  known?: LiveState['facts'],
): Promise<LiveOrg> {
  const { alias } = desired.org;
  const [retrieved, records] = await Promise.allSettled([
    retrieveComponents(sf, desired, apiVersion),
    readRecords(sf, alias, known),
  ]);
  if (records.status === 'rejected') throw asToolError(records.reason);
  // The message of a rejected retrieve doesn't name the missing permission.
  if (retrieved.status === 'rejected')
    throw missingPermissionError(alias, records.value.facts) ?? asToolError(retrieved.reason);
  const queues = retrieved.value.missing.some((key) => key.startsWith('Queue:')) ? await readQueueNames(sf, alias) : [];
  const live = { ...retrieved.value, ...records.value, ...(queues.length > 0 && { queues }) };
  if (!desired.org.memberSite) return live;
  const sites = await readSites(sf, alias);
  const withSites = { ...live, ...(sites && { sites }) };
  if (!live.components.has(`CustomObject:${SIGNER_RECORD_TYPE}`)) return withSites;
  const signerRecords = await readSignerRecords(sf, alias);
  const undeclared = undeclaredSignerRecords(desired, signerRecords);
  if (undeclared.length === 0) return { ...withSites, signerRecords };
  // The plan deletes them, so a rollback and the read back need their content.
  const org = { ...desired.org, existing: [...desired.org.existing, ...undeclared] };
  const { components } = await retrieveComponents(sf, { ...desired, org }, apiVersion);
  return { ...withSites, components, signerRecords };
}

/** The names only improve an error message, so no error stops the command. */
const readQueueNames = (sf: Sf, alias: string): Promise<readonly string[]> =>
  sf.query(alias, "SELECT DeveloperName FROM Group WHERE Type = 'Queue'").then(
    (rows) => rows.map((row) => String(row['DeveloperName'])),
    () => [],
  );

/** An org without Digital Experiences has no such resource. The sites are only needed for a warning, so no error stops the command. */
const readSites = (sf: Sf, alias: string): Promise<LiveState['sites']> =>
  sf.experienceSites(alias).catch(() => undefined);

/** All signer records of an org. Metadata can be retrieved by name only, and a record of any name can have the ID of the org. */
async function readSignerRecords(sf: Sf, alias: string): Promise<readonly SignerRecord[]> {
  const rows = await sf.query(alias, `SELECT DeveloperName, ${SIGNER_FIELDS.join(', ')} FROM ${SIGNER_RECORD_TYPE}`);
  return rows.map((row) => ({
    name: String(row['DeveloperName']),
    values: Object.fromEntries(
      SIGNER_FIELDS.flatMap((field) => {
        const value = row[field];
        return typeof value === 'string' && value.trim() !== '' ? [[field, value]] : [];
      }),
    ),
  }));
}

/** Queries one after the other: the CLI retries an unreachable org for 16 seconds, and once is enough. */
async function readRecords(
  sf: Sf,
  alias: string,
  known?: LiveState['facts'],
): Promise<Pick<LiveState, 'facts' | 'channels'>> {
  const facts = known
    ? { ...known, missingPermissions: await readMissingPermissions(sf, alias) }
    : await readFacts(sf, alias);
  return { facts, channels: await readChannels(sf, alias) };
}

/** The records of the Enhanced Chat channels by developer name. Metadata doesn't contain whether a channel is active. */
export async function readChannels(sf: Sf, alias: string): Promise<LiveState['channels']> {
  const rows = await sf.query(
    alias,
    "SELECT Id, DeveloperName, IsActive FROM MessagingChannel WHERE MessageType = 'EmbeddedMessaging'",
  );
  return new Map(
    rows.map((row) => [String(row['DeveloperName']), { id: String(row['Id']), active: row['IsActive'] === true }]),
  );
}

/** The properties of a queue that chats depend on. */
export interface QueueFacts {
  readonly acceptsMessagingSessions: boolean;
  readonly hasRouting: boolean;
}

/** The queues of an org by developer name. Chats need a queue that accepts messaging sessions and has a routing configuration. */
export async function readQueues(sf: Sf, alias: string): Promise<ReadonlyMap<string, QueueFacts>> {
  const queues = await sf.query(alias, "SELECT DeveloperName, QueueRoutingConfigId FROM Group WHERE Type = 'Queue'");
  const objects = await sf.query(
    alias,
    "SELECT Queue.DeveloperName FROM QueueSobject WHERE SobjectType = 'MessagingSession'",
  );
  const messagingQueues = new Set(
    objects.map((row) => (row['Queue'] as { DeveloperName?: unknown } | null)?.DeveloperName),
  );
  return new Map(
    queues.map(({ DeveloperName: name, QueueRoutingConfigId: routing }) => [
      String(name),
      { acceptsMessagingSessions: messagingQueues.has(name), hasRouting: typeof routing === 'string' },
    ]),
  );
}
