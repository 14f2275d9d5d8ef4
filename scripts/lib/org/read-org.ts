import { asToolError } from '../errors';
import type { DesiredState, LiveState } from '../model';
import type { Sf } from '../sf';
import { readFacts } from './facts';
import { missingPermissionError } from './errors';
import { retrieveComponents, type RetrievedComponents } from './retrieve';

/** An org as it is now, and what its file says is there and is not. */
export interface LiveOrg extends LiveState {
  readonly missing: RetrievedComponents['missing'];
}

/**
 * Reads one org: its slice of metadata, and while Salesforce prepares that, who it is and which channels are active.
 */
export async function readOrg(sf: Sf, desired: DesiredState, apiVersion: string): Promise<LiveOrg> {
  const { alias } = desired.org;
  const [retrieved, records] = await Promise.allSettled([
    retrieveComponents(sf, desired, apiVersion),
    readRecords(sf, alias),
  ]);
  if (records.status === 'rejected') throw asToolError(records.reason);
  // Without a permission Salesforce refuses the retrieve in words that do not name it.
  if (retrieved.status === 'rejected')
    throw missingPermissionError(alias, records.value.facts) ?? asToolError(retrieved.reason);
  return { ...retrieved.value, ...records.value };
}

/** One query after the other: the CLI tries an org out of reach for a quarter of a minute, and once is enough. */
async function readRecords(sf: Sf, alias: string): Promise<Pick<LiveState, 'facts' | 'channels'>> {
  const facts = await readFacts(sf, alias);
  return { facts, channels: await readChannels(sf, alias) };
}

/** The records of the Enhanced Chat channels; whether one is active is no part of its metadata. */
export async function readChannels(sf: Sf, alias: string): Promise<LiveState['channels']> {
  const rows = await sf.query(
    alias,
    "SELECT Id, DeveloperName, IsActive FROM MessagingChannel WHERE MessageType = 'EmbeddedMessaging'",
  );
  return new Map(
    rows.map((row) => [String(row['DeveloperName']), { id: String(row['Id']), active: row['IsActive'] === true }]),
  );
}
