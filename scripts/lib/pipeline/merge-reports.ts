import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { writeReports, type Context } from '../cli';
import { ToolError, type ExitCode, invalidFlagError } from '../errors';
import { readRegularFile } from '../files';
import { type OrgResult, type OrgStatus, npmRun } from '../model';
import { orgResultsText, orgTotals, wrap } from '../report';
import { exitCodeOf } from '../rollout/org-result';
import { parseJobDocument, type JobDocument } from './job-document';

export interface ReportFlags {
  /** JSON documents of other commands, or folders of them. */
  readonly from?: readonly string[];
}

/** Merges the results of several jobs into one report with one exit code. */
export async function runReport(context: Context<ReportFlags>): Promise<ExitCode> {
  const { flags, layout, print } = context;
  const files = (flags.from ?? []).flatMap((path) => findDocuments(resolve(path)));
  if (files.length === 0) throw noDocumentsError();
  const { findings, orgs } = mergeDocuments(files.map(readJobDocument));
  const exitCode = exitCodeOf(orgs);
  print(`${orgResultsText(layout, orgs)}\n\n${wrap(layout, '  ', orgTotals('Report', orgs), '')}`);
  return writeReports(context, { command: 'report', exitCode, findings, orgs });
}

function findDocuments(path: string): readonly string[] {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found?.isDirectory()) return found ? [path] : [];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json') && statSync(join(path, name)).isFile())
    .sort()
    .map((name) => join(path, name));
}

function readJobDocument(file: string): JobDocument {
  const document = parseJobDocument(readRegularFile(file));
  if (document) return document;
  throw new ToolError('unreadable-file', {
    what: `${file} isn't the JSON result of a command.`,
    why: "It doesn't contain findings and orgs. The job that wrote it may have been interrupted.",
    fix: 'Check the log of that job. To report on the other jobs, delete the file.',
  });
}

/** Merges results. Two results of one org are combined, with the worse status. */
export function mergeDocuments(documents: readonly JobDocument[]): JobDocument {
  const orgs = new Map<string, OrgResult>();
  for (const outcome of documents.flatMap((document) => document.orgs)) {
    const before = orgs.get(outcome.alias);
    orgs.set(outcome.alias, before ? mergeResults(before, outcome) : outcome);
  }
  const findings = new Map(
    documents.flatMap((each) => each.findings).map((finding) => [JSON.stringify(finding), finding]),
  );
  const sorted = [...orgs.values()].sort((one, other) => one.wave - other.wave || (one.alias < other.alias ? -1 : 1));
  return { findings: [...findings.values()], orgs: sorted };
}

/** From the best to the worst. */
const BEST_TO_WORST: readonly OrgStatus[] = [
  'unchanged',
  'planned',
  'changed',
  'skipped',
  'unreachable',
  'failed',
  'unknown',
];

const mergeResults = (first: OrgResult, second: OrgResult): OrgResult => {
  const worse = BEST_TO_WORST.indexOf(second.status) > BEST_TO_WORST.indexOf(first.status) ? second : first;
  return {
    ...worse,
    changes: [...first.changes, ...second.changes],
    deployIds: [...new Set([...first.deployIds, ...second.deployIds])],
    checks: [...first.checks, ...second.checks],
  };
};

const noDocumentsError = (): ToolError =>
  invalidFlagError(
    'There are no results to report.',
    '--from contains no JSON results.',
    `Specify files or folders that commands wrote with --json: ${npmRun('report', '--from', 'FOLDER')}`,
  );
