import { ToolError } from '../errors';
import type { Sf } from '../sf';
import { quoted } from './soql';

/** The objects with a record for each component. Only the Tooling API has EmbeddedServiceConfig. */
export type RecordObject = 'MessagingChannel' | 'EmbeddedServiceConfig';

/** The record IDs of components by developer name, without those that the org doesn't list. */
export async function recordIdsOf(
  sf: Sf,
  alias: string,
  sobject: RecordObject,
  names: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const list = names.map(quoted).join(', ');
  const soql = `SELECT Id, DeveloperName FROM ${sobject} WHERE DeveloperName IN (${list})`;
  const rows = await sf.query(alias, soql, sobject === 'EmbeddedServiceConfig');
  return new Map(rows.map((row) => [String(row['DeveloperName']), String(row['Id'])]));
}

/**
 * The record ID of each name, in order. Throws `readback-mismatch` before anything is written if the org doesn't list one of
 * them.
 */
export async function readRecordIds(
  sf: Sf,
  alias: string,
  sobject: RecordObject,
  names: readonly string[],
): Promise<readonly string[]> {
  const ids = await recordIdsOf(sf, alias, sobject, names);
  return names.map((name) => {
    const id = ids.get(name);
    if (id !== undefined) return id;
    throw notListedError(alias, `${sobject} ${name}`);
  });
}

/** The error for a component whose record the org doesn't list. */
export const notListedError = (alias: string, component: string): ToolError =>
  new ToolError('readback-mismatch', {
    what: `${component} isn't listed in "${alias}".`,
    why: 'The query for its record ID returned no record with this name.',
    fix: `Wait a minute, then run the command again. If the error remains, look for ${component} in Setup.`,
  });
