import type { Desired, Snapshot } from '../model';
import type { Sf } from '../sf';
import { readFacts } from './facts';
import { readSlice, type Slice } from './slice';

/** An org as it is now, and what its file says is there and is not. */
export interface LiveOrg extends Snapshot {
  readonly missing: Slice['missing'];
}

/**
 * Reads one org: its slice of metadata, which channels are active, and who it is. All at the same time; the retrieve first,
 * because Salesforce takes longest over it.
 */
export async function readOrg(sf: Sf, desired: Desired, apiVersion: string): Promise<LiveOrg> {
  const { alias } = desired.org;
  const [slice, facts, channels] = await Promise.all([
    readSlice(sf, desired, apiVersion),
    readFacts(sf, alias),
    readChannels(sf, alias),
  ]);
  return { facts, ...slice, channels };
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
