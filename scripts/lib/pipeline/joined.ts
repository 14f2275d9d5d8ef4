import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { writeReports, type Context } from '../cli';
import { EXIT, ToolError, type ExitCode } from '../errors';
import type { Outcome, Result } from '../model';
import { outcomesText } from '../report';
import { exitOf } from '../run/exit';
import { readDocument, type Told } from './documents';

export interface ReportFlags {
  /** JSON documents of other commands, or folders of them. */
  readonly from?: readonly string[];
}

/** Joins what several jobs told of their orgs, as if one had done it all: one report, one exit code. */
export async function runReport(context: Context<ReportFlags>): Promise<ExitCode> {
  const { flags, page, show } = context;
  const files = (flags.from ?? []).flatMap((path) => documentsAt(resolve(path)));
  if (files.length === 0) throw nothing();
  const { findings, orgs } = joined(files.map(read));
  const exitCode = exitOf(orgs);
  show(outcomesText(page, orgs));
  return writeReports(context, { command: 'report', exitCode, findings, orgs });
}

function documentsAt(path: string): readonly string[] {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found?.isDirectory()) return found ? [path] : [];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json') && statSync(join(path, name)).isFile())
    .sort()
    .map((name) => join(path, name));
}

function read(file: string): Told {
  const told = readDocument(readFileSync(file, 'utf8'));
  if (told) return told;
  throw new ToolError('unreadable-file', {
    what: `${file} is no document of a command.`,
    why: 'It has no findings and orgs: the job that wrote it may have been cut off.',
    fix: 'Look at that job; leave the file out to see the others.',
  });
}

/** Of two documents about one org the later one adds to the first; the worse outcome counts. */
export function joined(documents: readonly Told[]): Told {
  const orgs = new Map<string, Outcome>();
  for (const outcome of documents.flatMap((document) => document.orgs)) {
    const before = orgs.get(outcome.alias);
    orgs.set(outcome.alias, before ? both(before, outcome) : outcome);
  }
  const findings = new Map(
    documents.flatMap((each) => each.findings).map((finding) => [JSON.stringify(finding), finding]),
  );
  const sorted = [...orgs.values()].sort((one, other) => one.wave - other.wave || (one.alias < other.alias ? -1 : 1));
  return { findings: [...findings.values()], orgs: sorted };
}

/** From the best to the worst. */
const RESULTS: readonly Result[] = ['unchanged', 'planned', 'changed', 'skipped', 'unreachable', 'failed', 'unknown'];

const both = (first: Outcome, second: Outcome): Outcome => {
  const worse = RESULTS.indexOf(second.outcome) > RESULTS.indexOf(first.outcome) ? second : first;
  return {
    ...worse,
    changes: [...first.changes, ...second.changes],
    deployIds: [...new Set([...first.deployIds, ...second.deployIds])],
    checks: [...first.checks, ...second.checks],
  };
};

const nothing = (): ToolError =>
  new ToolError(
    'bad-flag',
    {
      what: 'There is nothing to report.',
      why: 'No document was found where --from leads.',
      fix: 'Name files or folders that commands wrote with --json.',
    },
    { exit: EXIT.invalid },
  );
