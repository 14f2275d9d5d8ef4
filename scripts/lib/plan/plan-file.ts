import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeAtomic } from '../files';
import { EXIT, ToolError } from '../errors';
import { serializePlanFile, type PlanFile } from './serialize-plan-file';
import { parsePlanFile } from './parse-plan-file';

/** Writes a sealed plan or a snapshot: whole and on disk when this returns, or not there at all. */
export function writePlanFile(path: string, planFile: PlanFile): void {
  writeAtomic(path, serializePlanFile(planFile, toolVersion()));
}

function toolVersion(): string {
  const { version } = JSON.parse(readFileSync(join(__dirname, '../../../package.json'), 'utf8')) as { version: string };
  return version;
}

/** Reads a sealed plan or a snapshot; throws `unreadable-file` and `plan-broken`. */
export function readPlanFile(path: string, kind: PlanFile['kind']): PlanFile {
  try {
    return parsePlanFile(readFileSync(path, 'utf8'), path, kind);
  } catch (thrown) {
    if (thrown instanceof ToolError) throw thrown;
    const explanation = {
      what: `${path} cannot be read.`,
      why: thrown instanceof Error ? thrown.message : String(thrown),
      fix: 'Name a file that exists.',
    };
    throw new ToolError('unreadable-file', explanation, { exit: EXIT.invalid, cause: thrown });
  }
}

/** Where the snapshots of a run are, one file an org. */
const SNAPSHOT_FOLDER = 'snapshots';

export const snapshotPath = (run: string, alias: string): string => join(run, SNAPSHOT_FOLDER, `${alias}.json`);

/** The aliases of which a run has a snapshot. */
export function listSnapshots(run: string): readonly string[] {
  const folder = join(run, SNAPSHOT_FOLDER);
  const names = existsSync(folder) ? readdirSync(folder).sort() : [];
  return names.filter((name) => /^[^.].*\.json$/.test(name)).map((name) => name.slice(0, -'.json'.length));
}

/** Runs that something can be rolled back of, the last one first, with their orgs. */
export function listRuns(folder: string): readonly (readonly [run: string, orgs: readonly string[]])[] {
  const names = existsSync(folder) ? readdirSync(folder).sort().reverse() : [];
  return names.map((name) => [name, listSnapshots(join(folder, name))] as const).filter(([, orgs]) => orgs.length > 0);
}
