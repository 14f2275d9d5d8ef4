import { asToolError } from '../errors';
import type { Desired, Snapshot } from '../model';
import type { Sf } from '../sf';
import { readFacts } from './facts';
import { missingPermission } from './permissions';
import { readSlice, type Slice } from './slice';

/** An org as it is now, and what its file says is there and is not. */
export interface LiveOrg extends Snapshot {
  readonly missing: Slice['missing'];
}

/**
 * Reads one org: its slice of metadata, and while Salesforce prepares that, who it is and which channels are active.
 */
export async function readOrg(sf: Sf, desired: Desired, apiVersion: string): Promise<LiveOrg> {
  const { alias } = desired.org;
  const [slice, records] = await Promise.allSettled([readSlice(sf, desired, apiVersion), readRecords(sf, alias)]);
  if (records.status === 'rejected') throw asToolError(records.reason);
  // Without a permission Salesforce refuses the retrieve in words that do not name it.
  if (slice.status === 'rejected') throw missingPermission(alias, records.value.facts) ?? asToolError(slice.reason);
  return { ...slice.value, ...records.value };
}

/** One query after the other: the CLI tries an org out of reach for a quarter of a minute, and once is enough. */
async function readRecords(sf: Sf, alias: string): Promise<Pick<Snapshot, 'facts' | 'channels'>> {
  const facts = await readFacts(sf, alias);
  return { facts, channels: await readChannels(sf, alias) };
}

/** The records of the Enhanced Chat channels; whether one is active is no part of its metadata. */
export async function readChannels(sf: Sf, alias: string): Promise<Snapshot['channels']> {
  const rows = await sf.query(
    alias,
    "SELECT Id, DeveloperName, IsActive FROM MessagingChannel WHERE MessageType = 'EmbeddedMessaging'",
  );
  return new Map(
    rows.map((row) => [String(row['DeveloperName']), { id: String(row['Id']), active: row['IsActive'] === true }]),
  );
}
