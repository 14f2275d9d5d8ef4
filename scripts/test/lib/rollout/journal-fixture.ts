import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';

/** A folder of runs that is deleted after the tests of a file. */
export function runsFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'runs-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export const AT = '2026-11-01T10:00:00.000Z';
export const ORG_ID = '00D000000000001EAA';

export const orgIdOf = (alias: string): string =>
  alias === 'dev' ? ORG_ID : `00D${alias.padEnd(12, '0').slice(0, 12)}EAA`;

/** A line that starts a run of these orgs. */
export const header = (
  orgs: readonly string[],
  {
    command = 'deploy',
    from = 'project',
    planCreatedAt = undefined as string | undefined,
    publish = ['Site'],
    seen = {},
    resumeCommand = undefined as string | undefined,
    flags = undefined as object | undefined,
  } = {},
): object => ({
  at: AT,
  run: {
    command,
    from,
    planCreatedAt,
    seen,
    resumeCommand,
    flags,
    orgs: orgs.map((alias) => ({ alias, orgId: orgIdOf(alias), changes: [`${alias}-1`], publish })),
  },
});

export const step = (org: string, name: string, detail?: string, known: readonly string[] | null = []): object => ({
  at: AT,
  org,
  step: name,
  detail,
  known,
});

/** Writes the journal of a run. */
export function writeRun(runs: string, run: string, ...lines: readonly object[]): void {
  mkdirSync(join(runs, run), { recursive: true });
  writeFileSync(join(runs, run, 'journal.ndjson'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}
