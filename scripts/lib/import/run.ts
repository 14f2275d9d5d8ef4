import type { Context } from '../cli';
import { asToolError, EXIT, ToolError, type ExitCode } from '../errors';
import { writeEdits } from '../keys/source-files';
import { hasError, type Finding, type Outcome } from '../model';
import { count, documentText, findingsSummary, findingsText, outcomesText } from '../report';
import { Sf, type HostPool } from '../sf';
import { readBefore } from './files';
import { previewText } from './preview';
import { propose, type Before, type Proposal } from './proposal';
import { readSight, type OrgSight } from './sight';

export interface ImportFlags {
  /** Channels to take; without one, those that verify users. */
  readonly channel?: readonly string[];
  readonly origins: boolean;
  readonly webDeployments: boolean;
  /** Writes without asking. */
  readonly write: boolean;
}

/** Turns existing orgs into source: reads them, proposes files, and writes only what was shown and agreed to. */
export async function runImport(context: Context<ImportFlags>, hosts: HostPool): Promise<ExitCode> {
  const { flags, now } = context;
  verifyOrgs(flags.org);
  const before = {
    ...readBefore(flags.project, flags.org, now),
    ...(flags.wave !== undefined && { wave: flags.wave }),
  };
  const sf = new Sf(hosts, before.apiVersion.value);
  context.progress(`Reading ${flags.org.join(', ')} ...`);
  const statedFor = (alias: string): readonly string[] =>
    before.orgs.filter((org) => org.alias === alias).flatMap(({ include }) => include);
  const read = await Promise.allSettled(
    flags.org.map((alias) => readSight(sf, alias, statedFor(alias), before.apiVersion.value)),
  );
  const failures = read.flatMap((each, index) =>
    each.status === 'rejected' ? [unread(flags.org[index] ?? '', each.reason)] : [],
  );
  if (failures.length > 0) return stop(context, failures);
  const sights = read.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  verifyIds(sights, before);
  const wish = { channels: flags.channel ?? [], origins: flags.origins, webDeployments: flags.webDeployments };
  return settle(context, propose(sights, wish, before));
}

/** Shows the proposal, asks, and writes it. */
async function settle(context: Context<ImportFlags>, proposal: Proposal): Promise<ExitCode> {
  const { page, show, flags } = context;
  const { files, findings, orgs } = proposal;
  if (files.length > 0) show(`${previewText(page, files)}\n`);
  const told = orgs.length === 1 ? findings : findings.filter(({ severity }) => severity !== 'info');
  if (told.length > 0) show(`${findingsText(page, told)}\n`);
  if (findings.length > told.length) show(`${findingsSummary(findings)} --json shows all of them.\n`);
  show(`What plan will find afterwards:\n${outcomesText(page, orgs)}\n`);
  if (files.length === 0)
    return end(context, proposal, 'Nothing to write: the project says all of this already.', false);
  const agreed =
    flags.write || (context.interactive && (await context.confirm(`Write ${count(files.length, 'file')}?`)));
  if (!agreed) return end(context, proposal, 'Nothing was written. With --write these files are.', false);
  writeEdits(flags.project, new Map(files.map(({ path, after }) => [path, after])));
  return end(context, proposal, `${count(files.length, 'file')} written. The orgs were only read.`, true);
}

function end(context: Context, proposal: Proposal, sentence: string, written: boolean): ExitCode {
  const pending = proposal.files.length > 0 && !written;
  const exitCode = pending ? EXIT.changes : hasError(proposal.findings) ? EXIT.failed : EXIT.done;
  context.show(sentence);
  return finish(context, exitCode, proposal.findings, proposal.orgs, proposal.files, written);
}

function finish(
  { document }: Context,
  exitCode: ExitCode,
  findings: readonly Finding[],
  orgs: readonly Outcome[],
  files: Proposal['files'],
  written: boolean,
): ExitCode {
  const proposed = files.map(({ path, before, after }) => ({
    path,
    action: before === undefined ? 'create' : 'update',
    text: after,
  }));
  const told = { command: 'import', exitCode, findings, orgs, written, files: proposed };
  document(documentText(told));
  return exitCode;
}

/** An org that cannot be read keeps the others from being imported: what they share depends on it. */
function stop(context: Context, failures: readonly Outcome[]): ExitCode {
  context.show(`${outcomesText(context.page, failures)}\n\nNothing was written.`);
  const failed = failures.some(({ outcome }) => outcome === 'failed');
  return finish(context, failed ? EXIT.failed : EXIT.unreachable, [], failures, [], false);
}

function unread(alias: string, thrown: unknown): Outcome {
  const { code, what, why, fix, exit } = asToolError(thrown);
  const outcome = exit === EXIT.unreachable ? 'unreachable' : 'failed';
  const nothing = { changes: [], deployIds: [], checks: [] };
  return { alias, orgId: '', kind: 'production', wave: 1, outcome, ...nothing, error: { code, what, why, fix } };
}

function verifyOrgs(aliases: readonly string[]): void {
  const twice = aliases.find((alias, index) => aliases.indexOf(alias) < index);
  const bad = aliases.find((alias) => !/^[A-Za-z0-9][\w.@-]*$/.test(alias));
  if (aliases.length === 0)
    throw badFlag('import asks for at least one --org.', 'Name a login of the sf CLI: --org mysandbox.');
  if (twice !== undefined) throw badFlag(`--org ${twice} is there twice.`, 'Name each org once.');
  if (bad !== undefined) throw badFlag(`"${bad}" is no alias.`, 'Use letters, digits, _, -, . and @.');
}

/** Two files for one org would deploy to it twice; a file that pins another org is not for this one. */
function verifyIds(sights: readonly OrgSight[], { orgs }: Before): void {
  for (const [index, { alias, facts }] of sights.entries()) {
    const pinned = orgs.find((org) => org.alias === alias);
    const same = orgs.find((org) => org.orgId === facts.orgId && org.alias !== alias)?.alias;
    const again = sights.slice(0, index).find((other) => other.facts.orgId === facts.orgId)?.alias;
    const other = same ?? again;
    if (other !== undefined)
      throw identity(`"${alias}" and "${other}" are the same org, ${facts.orgId}.`, 'Import it under one alias.');
    if (pinned && pinned.orgId !== facts.orgId)
      throw identity(
        `${pinned.file} pins ${pinned.orgId}, but "${alias}" leads to ${facts.orgId}.`,
        `If the sandbox was refreshed: npm run refresh -- --org ${alias}. Otherwise log in to the right org.`,
      );
  }
}

const identity = (what: string, fix: string): ToolError =>
  new ToolError(
    'org-identity',
    { what, why: 'An org file stands for exactly one org.', fix },
    { exit: EXIT.unreachable },
  );

const badFlag = (why: string, fix: string): ToolError =>
  new ToolError('bad-flag', { what: 'The command line is not understood.', why, fix }, { exit: EXIT.invalid });
