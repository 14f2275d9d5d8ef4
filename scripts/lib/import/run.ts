import type { Context } from '../cli';
import { toErrorDetails, asToolError, EXIT, ToolError, type ExitCode, invalidFlagError } from '../errors';
import { writeEdits } from '../keys/source-files';
import { hasError, type Finding, type OrgResult, npmRun } from '../model';
import { pluralize, serializeDocument, findingsSummary, findingsText, orgResultsText } from '../report';
import { Sf, type CliWorkerPool } from '../sf';
import { readProjectState } from './project-state';
import { previewText } from './preview';
import { propose, type Proposal } from './proposal';
import { readOrgContents } from './org-contents';

export interface ImportFlags {
  /** Channels to import. Default: channels with user verification on. */
  readonly channel?: readonly string[];
  readonly origins: boolean;
  /** Whether files are written without a question. */
  readonly write: boolean;
}

/** Imports orgs: reads them, proposes files, and writes the files after a confirmation. */
export async function runImport(context: Context<ImportFlags>, workers: CliWorkerPool): Promise<ExitCode> {
  const { flags, now } = context;
  assertOrgAliases(flags.org);
  const project = {
    ...readProjectState(flags.project, now),
    ...(flags.wave !== undefined && { wave: flags.wave }),
  };
  const sf = new Sf(workers, project.apiVersion.value);
  context.log(`Reading ${flags.org.join(', ')} ...`);
  const declaredFor = (alias: string): readonly string[] =>
    project.orgs.filter((org) => org.alias === alias).flatMap(({ include, existing }) => [...include, ...existing]);
  const reads = await Promise.allSettled(
    flags.org.map((alias) => readOrgContents(sf, alias, declaredFor(alias), project.apiVersion.value)),
  );
  const failures = reads.flatMap((each, index) =>
    each.status === 'rejected' ? [unreadableOrgResult(flags.org[index] ?? '', each.reason)] : [],
  );
  if (failures.length > 0) return reportFailures(context, failures);
  const allContents = reads.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const options = { channels: flags.channel ?? [], origins: flags.origins };
  return confirmAndWrite(context, propose(allContents, options, project));
}

/** Shows the proposal and writes it if it is confirmed. */
async function confirmAndWrite(context: Context<ImportFlags>, proposal: Proposal): Promise<ExitCode> {
  const { layout, print, flags } = context;
  const { files, findings, orgs } = proposal;
  if (files.length > 0) print(`${previewText(layout, files)}\n`);
  const shownFindings = orgs.length === 1 ? findings : findings.filter(({ severity }) => severity !== 'note');
  if (shownFindings.length > 0) print(`${findingsText(layout, shownFindings)}\n`);
  if (findings.length > shownFindings.length) print(`${findingsSummary(findings)} --json shows all of them.\n`);
  const isEmpty = orgs.some(({ error }) => error?.code === 'nothing-to-import');
  print(`${isEmpty ? '' : 'Plan after the import:\n'}${orgResultsText(layout, orgs)}\n`);
  if (isEmpty) return finishWith(context, proposal, 'Nothing was written.', false);
  if (files.length === 0)
    return finishWith(context, proposal, 'Nothing to write. The project already declares everything.', false);
  const confirmed =
    flags.write || (context.interactive && (await context.confirm(`Write ${pluralize(files.length, 'file')}?`)));
  if (!confirmed)
    return finishWith(context, proposal, 'Nothing was written. To create these files, add --write.', false);
  writeEdits(flags.project, new Map(files.map(({ path, after }) => [path, after])));
  return finishWith(context, proposal, `${pluralize(files.length, 'file')} written. No org was changed.`, true);
}

function finishWith(context: Context, proposal: Proposal, sentence: string, written: boolean): ExitCode {
  const pending = proposal.files.length > 0 && !written;
  const failed = hasError(proposal.findings) || proposal.orgs.some(({ error }) => error !== undefined);
  const exitCode = failed ? EXIT.failed : pending ? EXIT.changes : EXIT.done;
  context.print(sentence);
  return finish(context, exitCode, proposal.findings, proposal.orgs, proposal.files, written);
}

function finish(
  { printJson }: Context,
  exitCode: ExitCode,
  findings: readonly Finding[],
  orgs: readonly OrgResult[],
  files: Proposal['files'],
  written: boolean,
): ExitCode {
  const proposed = files.map(({ path, before, after }) => ({
    path,
    action: before === undefined ? 'create' : 'update',
    text: after,
  }));
  const result = { command: 'import', exitCode, findings, orgs, written, files: proposed };
  printJson(serializeDocument(result));
  return exitCode;
}

/** If an org can't be read, nothing is imported, because the shared source depends on all orgs. */
function reportFailures(context: Context, failures: readonly OrgResult[]): ExitCode {
  context.print(`${orgResultsText(context.layout, failures)}\n\nNothing was written.`);
  const failed = failures.some(({ status }) => status === 'failed');
  return finish(context, failed ? EXIT.failed : EXIT.unreachable, [], failures, [], false);
}

function unreadableOrgResult(alias: string, thrown: unknown): OrgResult {
  const { exit } = asToolError(thrown);
  const status = exit === EXIT.unreachable ? 'unreachable' : 'failed';
  const nothing = { changes: [], deployIds: [], checks: [] };
  return { alias, orgId: '', kind: 'production', wave: 1, status, ...nothing, error: toErrorDetails(thrown) };
}

function assertOrgAliases(aliases: readonly string[]): void {
  const duplicate = aliases.find((alias, index) => aliases.indexOf(alias) < index);
  const invalid = aliases.find((alias) => !/^[A-Za-z0-9][\w.@-]*$/.test(alias));
  if (aliases.length === 0)
    throw usageError('The flag --org is missing.', `Name an authorized org: ${npmRun('import', '--org', 'ORG')}`);
  if (duplicate !== undefined) throw usageError(`--org ${duplicate} is repeated.`, 'Name each org once.');
  if (invalid !== undefined)
    throw usageError(`"${invalid}" isn't a valid alias.`, 'Use letters, digits, and the characters _ - . @');
}

const usageError = (why: string, fix: string): ToolError =>
  invalidFlagError('The command line is not understood.', why, fix);
