import { json, type Request, type Response } from '../http/message';
import type { Route } from '../http/routes';
import { allTables } from '../records/tables';
import type { Org } from '../org/org';

/** Resources about the whole org. (REST API guide, Limits, Record Count, Recently Viewed Items) */
export const ORG_INFO_ROUTES: readonly Route[] = [
  { method: 'GET', path: /^\/services\/data\/v\d+\.\d\/limits\/?$/, handle: () => json(LIMITS) },
  { method: 'GET', path: /^\/services\/data\/v\d+\.\d\/limits\/recordCount\/?$/, handle: recordCount },
  { method: 'GET', path: /^\/services\/data\/v\d+\.\d\/recent\/?$/, handle: () => json([]) },
];

const unused = (max: number): object => ({ Max: max, Remaining: max });

/** Fixed numbers: this org has no limits and doesn't count. The names are those of the guide. */
const LIMITS = {
  DailyApiRequests: unused(100_000),
  DailyAsyncApexExecutions: unused(250_000),
  DailyBulkApiBatches: unused(15_000),
  DailyBulkV2QueryJobs: unused(10_000),
  DataStorageMB: unused(1_024),
  FileStorageMB: unused(1_024),
  HourlyPublishedPlatformEvents: unused(50_000),
  SingleEmail: unused(5_000),
};

/** Counts the records of the requested objects, or of all. Salesforce counts approximately; this org counts exactly. */
function recordCount(org: Org, { query }: Request): Response {
  const names = (query.get('sObjects') || undefined)?.toLowerCase().split(',');
  const tables = allTables(org, 'data').filter(({ name }) => names?.includes(name.toLowerCase()) ?? true);
  return json({ sObjects: tables.map((table) => ({ name: table.name, count: table.rows(org).length })) });
}
