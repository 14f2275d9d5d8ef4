import type { Desired, Snapshot } from '../model';
import type { Sf } from '../sf';
import { readFacts } from './facts';
import { readSlice, type Slice } from './slice';

/** An org as it is now, and what its file says is there and is not. */
export interface LiveOrg extends Snapshot {
  readonly missing: Slice['missing'];
}

/** Reads one org: who it is, its slice of metadata, and which channels are active. All at the same time. */
export async function readOrg(sf: Sf, desired: Desired, apiVersion: string): Promise<LiveOrg> {
  const { alias } = desired.org;
  const [facts, slice, channels] = await Promise.all([
    readFacts(sf, alias),
    readSlice(sf, desired, apiVersion),
    readChannels(sf, alias),
  ]);
  return { facts, ...slice, channels };
}

/** The records of the Enhanced Chat channels; whether one is active is no part of its metadata. */
async function readChannels(sf: Sf, alias: string): Promise<Snapshot['channels']> {
  const rows = await sf.query(
    alias,
    "SELECT Id, DeveloperName, IsActive FROM MessagingChannel WHERE MessageType = 'EmbeddedMessaging'",
  );
  return new Map(
    rows.map((row) => [String(row['DeveloperName']), { id: String(row['Id']), active: row['IsActive'] === true }]),
  );
}
