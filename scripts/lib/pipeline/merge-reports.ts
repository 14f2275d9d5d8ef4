import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { writeReports, type Context } from '../cli';
import { EXIT, invalidFlagError, toErrorDetails, ToolError, type ExitCode } from '../errors';
import { readRegularFile } from '../files';
import { groupBy, npmRun, type Change, type Check, type ErrorDetails, type OrgResult, type OrgStatus } from '../model';
import { findingsText, formatError, orgResultsText, orgTotals, wrap } from '../report';
import { verificationSummary } from '../report/verification-summary';
import { exitCodeOf } from '../rollout/org-result';
import { parseJobDocument, type JobDocument } from './job-document';

export interface ReportFlags {
  /** JSON documents of other commands, or folders of them. */
  readonly from?: readonly string[];
}

/**
 * Merges the results of several jobs into one report with one exit code. A result that can't be read, and a command that ended before
 * it read an org, fail the report and don't affect the other results.
 */
export async function runReport(context: Context<ReportFlags>): Promise<ExitCode> {
  const { flags, layout, print } = context;
  const files = (flags.from ?? []).flatMap((path) => findDocuments(resolve(path)));
  if (files.length === 0) throw noDocumentsError();
  const results = files.map(readJobDocument);
  const documents = results.flatMap((result) => ('command' in result ? [result] : []));
  const unreadable = results.flatMap((result) => ('command' in result ? [] : [result]));
  const { findings, orgs, ended } = mergeDocuments(documents);
  const errors = [...ended.flatMap(({ error }) => error ?? []), ...unreadable];
  const verified = orgs.filter((org) => org.verified);
  const sections = [
    ...(findings.length > 0 ? [findingsText(layout, findings)] : []),
    ...(orgs.length > 0 ? [orgResultsText(layout, orgs)] : []),
    ...(verified.length > 0 ? [verificationSummary(layout, verified)] : []),
    ...errors.map((error) => formatError(layout, error)),
    wrap(layout, '  ', orgTotals('Report', orgs), ''),
  ];
  print(sections.join('\n\n'));
  const exitCode = worstExitCode([
    exitCodeOf(orgs),
    ...ended.map((document) =>
      orgs.length > 0 && document.exitCode === EXIT.invalid ? EXIT.failed : document.exitCode,
    ),
    ...(unreadable.length > 0 ? [EXIT.failed] : []),
  ]);
  const error = mergeErrors(errors);
  return writeReports(context, { command: 'report', exitCode, findings, orgs, ...(error && { error }) });
}

const WORST_TO_BEST: readonly ExitCode[] = [EXIT.failed, EXIT.unreachable, EXIT.invalid, EXIT.changes, EXIT.done];

const worstExitCode = (codes: readonly ExitCode[]): ExitCode =>
  WORST_TO_BEST.find((code) => codes.includes(code)) ?? EXIT.done;

/** A document has one error, so several become one with all their texts. */
function mergeErrors(errors: readonly ErrorDetails[]): ErrorDetails | undefined {
  const [first] = errors;
  const textOf = (name: 'what' | 'why' | 'fix'): string => [...new Set(errors.map((error) => error[name]))].join(' ');
  return first && { code: first.code, what: textOf('what'), why: textOf('why'), fix: textOf('fix') };
}

function findDocuments(path: string): readonly string[] {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found?.isDirectory()) return found ? [path] : [];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json') && statSync(join(path, name)).isFile())
    .sort()
    .map((name) => join(path, name));
}

/** The document in a file, or the error that says why it can't be read. */
function readJobDocument(file: string): JobDocument | ErrorDetails {
  try {
    const document = parseJobDocument(readRegularFile(file));
    if (document) return document;
  } catch (thrown) {
    return toErrorDetails(thrown);
  }
  return toErrorDetails(
    new ToolError('unreadable-file', {
      what: `${file} isn't the JSON result of a command that a report can contain.`,
      why: "It doesn't contain a command, its time, its exit code, and findings. The job that wrote it may have been interrupted.",
      fix: 'Check the log of that job. To omit it from the report, delete the file.',
    }),
  );
}

/** What several documents say together. */
interface MergedDocuments extends Pick<JobDocument, 'findings' | 'orgs'> {
  /** The documents without orgs that no later document of the same command replaces. */
  readonly ended: readonly JobDocument[];
}

/**
 * Merges results: each org is listed once. Of several runs of one command, the last one counts (`laterResult`); of different
 * commands, the worse status. Documents are ordered by their time, whatever the names of their files are.
 */
export function mergeDocuments(documents: readonly JobDocument[]): MergedDocuments {
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
  const ended = commands.flatMap((runs) => runs.slice(-1)).filter(({ orgs }) => orgs.length === 0);
  return { findings: [...findings.values()], orgs: sorted, ended };
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
  const verified = after.verified ?? (isUnchanged ? before.verified : undefined);
  return {
    ...after,
    status: isUnchanged && changes.length > 0 ? 'changed' : after.status,
    changes,
    deployIds: mergeIds(before, after),
    checks: isUnchanged ? [...passedBefore(before, after), ...after.checks] : after.checks,
    ...(verified && { verified }),
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
  const verified = second.verified ?? first.verified;
  const checks = [...first.checks, ...second.checks];
  return { ...worse, changes, deployIds: mergeIds(first, second), checks, ...(verified && { verified }) };
}

const noDocumentsError = (): ToolError =>
  invalidFlagError(
    'There are no results to report.',
    '--from contains no JSON results.',
    `Specify files or folders that commands wrote with --json: ${npmRun('report', '--from', 'FOLDER')}`,
  );
