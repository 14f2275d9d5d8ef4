import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRegularFile, writeAtomic } from '../files';
import { asToolError, EXIT, ToolError } from '../errors';
import type { OrgConfig, TrustRecord } from '../model';
import { serializePlanFile, serializeTrustRecord, type PlanFile } from './serialize-plan-file';
import { parsePlanFile, parseTrustRecord } from './parse-plan-file';

/** Writes a saved plan or a snapshot atomically: the file is complete when this returns, or it is not written. */
export function writePlanFile(path: string, planFile: PlanFile): void {
  writeAtomic(path, serializePlanFile(planFile, toolVersion()));
}

function toolVersion(): string {
  const { version } = JSON.parse(readFileSync(join(__dirname, '../../../package.json'), 'utf8')) as { version: string };
  return version;
}

/** Reads a saved plan or a snapshot. Throws `unreadable-file` and `plan-invalid`. */
export function readPlanFile(path: string, kind: PlanFile['kind']): PlanFile {
  try {
    return parsePlanFile(readRegularFile(path), path, kind);
  } catch (thrown) {
    if (thrown instanceof ToolError) throw thrown;
    const errorText = {
      what: `${path} can't be read. No org was contacted.`,
      why: asToolError(thrown).why,
      fix: 'Specify an existing file that you can read.',
    };
    throw new ToolError('unreadable-file', errorText, { exit: EXIT.invalid, cause: thrown });
  }
}

/** The folder of the snapshots of a run. Each org has one file. */
const SNAPSHOT_FOLDER = 'snapshots';

export const snapshotPath = (run: string, alias: string): string => join(run, SNAPSHOT_FOLDER, `${alias}.json`);

const trustPath = (run: string, alias: string): string => join(run, 'trust', `${alias}.json`);

/** Records the trust that a run leaves in an org, in the folder of the run. */
export function writeTrustRecord(
  run: string,
  { alias, orgId }: Pick<OrgConfig, 'alias' | 'orgId'>,
  record: TrustRecord,
): void {
  writeAtomic(trustPath(run, alias), serializeTrustRecord(orgId, record));
}

/** The trust that a run left in an org; undefined if it recorded none, or the record can't be used. */
export function readTrustRecord(
  run: string,
  { alias, orgId }: Pick<OrgConfig, 'alias' | 'orgId'>,
): TrustRecord | undefined {
  const path = trustPath(run, alias);
  return existsSync(path) ? parseTrustRecord(readRegularFile(path), path, orgId) : undefined;
}

/** The aliases of the orgs that a run has a snapshot of. */
export function listSnapshots(run: string): readonly string[] {
  const folder = join(run, SNAPSHOT_FOLDER);
  const names = existsSync(folder) ? readdirSync(folder).sort() : [];
  return names.filter((name) => /^[^.].*\.json$/.test(name)).map((name) => name.slice(0, -'.json'.length));
}

/** The runs that have snapshots, newest first, with the aliases of their orgs. */
export function listRuns(folder: string): readonly (readonly [run: string, orgs: readonly string[]])[] {
  const names = existsSync(folder) ? readdirSync(folder).sort().reverse() : [];
  return names.map((name) => [name, listSnapshots(join(folder, name))] as const).filter(([, orgs]) => orgs.length > 0);
}
