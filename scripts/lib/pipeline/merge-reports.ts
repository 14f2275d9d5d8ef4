import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { writeReports, type Context } from '../cli';
import { ToolError, type ExitCode, invalidFlagError } from '../errors';
import { readRegularFile } from '../files';
import { type Change, type Check, groupBy, type OrgResult, type OrgStatus, npmRun } from '../model';
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
    why: "It doesn't contain a command, its time, findings, and orgs. The job that wrote it may have been interrupted.",
    fix: 'Check the log of that job. To report on the other jobs, delete the file.',
  });
}

/**
 * Merges results: each org is listed once. Of several runs of one command, the last one counts (`laterResult`); of different
 * commands, the worse status. Documents are ordered by their time, whatever the names of their files are.
 */
export function mergeDocuments(documents: readonly JobDocument[]): Pick<JobDocument, 'findings' | 'orgs'> {
  const ordered = [...documents].sort((one, other) => Date.parse(one.startedAt) - Date.parse(other.startedAt));
  const commands = [...groupBy(ordered, ({ command }) => command).values()];
  const results = commands.map((runs) =>
    mergeOrgs(
      runs.map(({ orgs }) => orgs),
      laterResult,
    ),
  );
  const findings = new Map(
    ordered.flatMap((each) => each.findings).map((finding) => [JSON.stringify(finding), finding]),
  );
  const sorted = [...mergeOrgs(results, worseResult)].sort(
    (one, other) => one.wave - other.wave || (one.alias < other.alias ? -1 : 1),
  );
  return { findings: [...findings.values()], orgs: sorted };
}

/** Each org once, with the results of an org merged in their order. */
function mergeOrgs(
  lists: readonly (readonly OrgResult[])[],
  merge: (before: OrgResult, after: OrgResult) => OrgResult,
): readonly OrgResult[] {
  const orgs = new Map<string, OrgResult>();
  for (const result of lists.flat()) {
    const before = orgs.get(result.alias);
    orgs.set(result.alias, before ? merge(before, result) : result);
  }
  return [...orgs.values()];
}

/**
 * The result of an org after two runs of one command. A run that skipped the org says nothing about what an earlier run did to it.
 * An org that an earlier run changed is still a changed org if the last run had nothing left to do.
 */
function laterResult(before: OrgResult, after: OrgResult): OrgResult {
  if (after.status === 'skipped' && !NOTHING_DONE.includes(before.status)) return before;
  const changes = mergeChanges(appliedChanges(before), after.changes);
  const isUnchanged = after.status === 'unchanged';
  return {
    ...after,
    status: isUnchanged && changes.length > 0 ? 'changed' : after.status,
    changes,
    deployIds: mergeIds(before, after),
    checks: isUnchanged ? [...passedBefore(before, after), ...after.checks] : after.checks,
  };
}

const NOTHING_DONE: readonly OrgStatus[] = ['planned', 'skipped'];

/**
 * The changes that a run made, or may have made before it failed. Salesforce applies nothing of a failed deploy job with
 * rollbackOnError (Metadata API guide, deploy()).
 */
const appliedChanges = ({ status, changes, deployIds, error }: OrgResult): readonly Change[] =>
  status === 'changed' || (deployIds.length > 0 && error?.code !== 'deploy-failed') ? changes : [];

/** The changes of both, each component and path once. */
const mergeChanges = (first: readonly Change[], second: readonly Change[]): readonly Change[] => [
  ...new Map([...first, ...second].map((change) => [`${change.component}\n${change.path}`, change])).values(),
];

const mergeIds = (first: OrgResult, second: OrgResult): readonly string[] => [
  ...new Set([...first.deployIds, ...second.deployIds]),
];

/** The checks that an earlier run passed and the last one didn't repeat, such as what it published. */
function passedBefore(before: OrgResult, after: OrgResult): readonly Check[] {
  const idOf = ({ name, part, channel }: Check): string => JSON.stringify([name, part, channel]);
  const repeated = new Set(after.checks.map(idOf));
  return before.checks.filter((check) => check.ok && !repeated.has(idOf(check)));
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

/** The results of different commands for one org, with the worse status. */
function worseResult(first: OrgResult, second: OrgResult): OrgResult {
  const worse = BEST_TO_WORST.indexOf(second.status) > BEST_TO_WORST.indexOf(first.status) ? second : first;
  const changes = mergeChanges(first.changes, second.changes);
  return { ...worse, changes, deployIds: mergeIds(first, second), checks: [...first.checks, ...second.checks] };
}

const noDocumentsError = (): ToolError =>
  invalidFlagError(
    'There are no results to report.',
    '--from contains no JSON results.',
    `Specify files or folders that commands wrote with --json: ${npmRun('report', '--from', 'FOLDER')}`,
  );
