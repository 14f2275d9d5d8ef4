import { basename } from 'node:path';
import type { Context } from '../cli';
import { EXIT, type ExitCode } from '../errors';
import { npmRun, pluralize } from '../model';
import { listSnapshots } from '../plan';
import { wrap, type TextLayout } from '../report';
import { formatUtc } from '../report/report';
import { serializeDocument } from '../report/result-document';
import { readRuns, type JournaledRun } from '../rollout';
import { remainingWorkText, resumeCommandOf, runsFolderOf } from '../rollout/incomplete-runs';
import { findRemainingWork, type RemainingWork } from '../rollout/remaining-work';

export interface RunsFlags {
  /** Folder of the journals, relative to the project. */
  readonly runs: string;
}

/** A run as the JSON document contains it. */
interface RunEntry {
  readonly id: string;
  /** The start by the clock of the machine that ran it. */
  readonly startedAt: string;
  readonly command: string;
  /** Whether its work is done; `running` while another process of this machine works on it. */
  readonly result: 'complete' | 'incomplete' | 'running';
  readonly orgs: readonly RunEntryOrg[];
  /** The command that continues the run, if work is left. */
  readonly resume?: string;
  /** The command that rolls the run back, if it has snapshots. */
  readonly rollback?: string;
}

interface RunEntryOrg {
  readonly alias: string;
  readonly orgId: string;
  /** The result of the org. Without one: `running` or `interrupted`. */
  readonly status: string;
  /** The remaining work. Undefined if there is none. */
  readonly left?: string;
}

/** Lists the runs of a folder, newest first, with their remaining work. Contacts no org. */
export function runRuns(context: Context<RunsFlags>): ExitCode {
  const { layout, print, printJson } = context;
  const folder = runsFolderOf(context);
  const { runs, unreadable } = readRuns(folder);
  const work = findRemainingWork(runs);
  const entries = runs.toReversed().map((run) =>
    runEntry(
      run,
      work.filter((each) => each.run === run),
    ),
  );
  entries.forEach((entry) => print(`${runText(layout, entry)}\n`));
  unreadable.forEach(({ id, why }) => print(`${id}\n  Result: unknown, because the journal can't be read (${why}).\n`));
  print(wrap(layout, '  ', summary(folder, entries, unreadable.length), ''));
  printJson(serializeDocument({ command: 'runs', exitCode: EXIT.done, findings: [], runs: entries, unreadable }));
  return EXIT.done;
}

function runEntry(run: JournaledRun, work: readonly RemainingWork[]): RunEntry {
  const id = basename(run.folder);
  const isRunning = run.isRunning && run.orgs.some(({ status }) => status === undefined);
  return {
    id,
    startedAt: run.startedAt.toISOString(),
    command: run.command,
    result: isRunning ? 'running' : work.length > 0 ? 'incomplete' : 'complete',
    orgs: run.orgs.map(({ alias, orgId, status = isRunning ? 'running' : 'interrupted' }) => {
      const left = work.find(({ org }) => org.alias === alias);
      return { alias, orgId, status, ...(left && { left: remainingWorkText(left) }) };
    }),
    ...(work.length > 0 && { resume: resumeCommandOf(run) }),
    ...(listSnapshots(run.folder).length > 0 && {
      rollback: npmRun('rollback', '--run', id),
    }),
  };
}

function runText(layout: TextLayout, { id, startedAt, command, result, orgs, resume, rollback }: RunEntry): string {
  const left = orgs.flatMap((org) => (org.left === undefined ? [] : [`${org.alias} (${org.left})`]));
  return [
    `${formatUtc(new Date(startedAt))}  ${command}  ${result}`,
    `  Run: ${id}`,
    `  Orgs: ${orgs.map(({ alias, status }) => `${alias} (${status})`).join(', ')}`,
    ...(left.length > 0 ? [`  Left: ${left.join(', ')}`] : []),
    ...(resume === undefined ? [] : [`  Resume: ${resume}`]),
    ...(rollback === undefined ? [] : [`  Roll back: ${rollback}`]),
  ]
    .map((line) => (line.startsWith('  ') ? wrap(layout, '    ', line.trimStart(), '  ') : line))
    .join('\n');
}

function summary(folder: string, entries: readonly RunEntry[], unreadable: number): string {
  const incomplete = entries.filter(({ result }) => result === 'incomplete');
  const next = incomplete[0]?.resume;
  const running = entries.filter(({ result }) => result === 'running').length;
  const counts = [`${incomplete.length} incomplete`, ...(running > 0 ? [`${running} running`] : [])].join(', ');
  const total = `${pluralize(entries.length + unreadable, 'run')} in ${folder}: ${counts}.`;
  if (entries.length + unreadable === 0) return `${total} ${OTHER_FOLDER_HINT}`;
  return next === undefined ? total : `${total} To resume the latest incomplete run: ${next}`;
}

const OTHER_FOLDER_HINT = 'If the runs are in another folder, specify it with --runs.';
