import type { Entry } from '../org/chat-store';
import type { JsonObject } from './body';

/** Which entries of a conversation a client reads. Times are in milliseconds since 1970. */
export interface EntryQuery {
  readonly limit: number;
  readonly startTimestamp: number;
  readonly endTimestamp: number;
  readonly fromStart: boolean;
  /** undefined: all types */
  readonly entryTypes: readonly string[] | undefined;
}

/** The default and the maximum of `limit`. (Constants of Salesforce's Web API sample app) */
const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 50;

/** Returns the number of items of a list: `limit`, between 1 and 50, or 20. */
export function pageLimit(limit: unknown): number {
  const number = Number(limit ?? DEFAULT_LIMIT);
  return Number.isInteger(number) && number > 0 ? Math.min(number, MAX_LIMIT) : DEFAULT_LIMIT;
}

/** Parses limit, startTimestamp, endTimestamp, direction, and entryTypeFilter: text with commas, or a list of text. */
export function parseEntryQuery(members: JsonObject): EntryQuery {
  const { limit, startTimestamp, endTimestamp, direction, entryTypeFilter: filter } = members;
  return {
    limit: pageLimit(limit),
    startTimestamp: Number(startTimestamp ?? 0),
    endTimestamp: Number(endTimestamp ?? Infinity),
    fromStart: direction === 'FromStart',
    entryTypes: Array.isArray(filter) ? filter.map(String) : typeof filter === 'string' ? filter.split(',') : undefined,
  };
}

/**
 * Returns the entries newest first, because the sample app and the Android SDK reverse the list, or oldest first with direction
 * FromStart.
 */
export function selectEntries(entries: readonly Entry[], query: EntryQuery): readonly Entry[] {
  const { limit, startTimestamp, endTimestamp, fromStart, entryTypes } = query;
  const found = entries.filter(
    ({ at, payload }) =>
      at >= startTimestamp && at <= endTimestamp && (entryTypes?.includes(payload.entryType) ?? true),
  );
  return (fromStart ? found : found.toReversed()).slice(0, limit);
}
