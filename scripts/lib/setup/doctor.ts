import type { Context } from '../cli';
import { EXIT, type ExitCode } from '../errors';
import { joinNames, npmRun } from '../model';
import { composeProject, type ProjectFiles } from '../project';
import { styled, wrap, type TextLayout } from '../report';
import { serializeDocument } from '../report/result-document';
import { Sf, type CliWorkerPool } from '../sf';
import { withoutAccess, type Checkup } from './checkup';
import { thisMachine, type Machine } from './machine';
import { machineChecks, projectChecks } from './machine-checks';
import { orgChecks, type OrgReader, type OrgToCheck } from './org-checks';

/** Checks this machine, the project, and the selected orgs. Writes nothing. */
export async function runDoctor(context: Context, workers: CliWorkerPool): Promise<ExitCode> {
  return checkAll(context, (apiVersion) => new Sf(workers, apiVersion), thisMachine);
}

/** `readerFor` makes the CLI for an API version. */
export async function checkAll(
  context: Context,
  readerFor: (apiVersion: string) => OrgReader,
  machine: Machine,
): Promise<ExitCode> {
  const { flags, print, printJson, layout } = context;
  const { files, checks: ofProject } = await projectChecks(flags.project);
  const local = [...(await machineChecks(machine, flags.project)), ...ofProject];
  const orgs = files ? orgsToCheck(files, context) : [];
  const sf = readerFor(files?.source.apiVersion.value ?? '67.0');
  const ofOrgs = await Promise.all(orgs.map((org) => orgChecks(sf, machine, org)));
  const checks = [...local, ...ofOrgs.flat()];
  const exitCode = exitCodeOf(checks);
  print(checkupText(layout, checks));
  print(`\n${summaryOf(checks, orgs)}`);
  printJson(serializeDocument({ command: 'doctor', exitCode, findings: [], checks: checks.map(withoutAccess) }));
  return exitCode;
}

/** The selected orgs with their desired state. An org whose file has an error isn't checked. */
function orgsToCheck(files: ProjectFiles, { flags, now }: Context): readonly OrgToCheck[] {
  if (files.orgFiles.orgs.length === 0) return [];
  const selection = { orgs: flags.org, ...(flags.wave !== undefined && { wave: flags.wave }) };
  return composeProject(files, selection, now).orgs.map((desired) => ({ alias: desired.org.alias, desired }));
}

function exitCodeOf(checks: readonly Checkup[]): ExitCode {
  if (checks.some(({ isAccess }) => isAccess)) return EXIT.unreachable;
  return checks.some(({ status }) => status === 'failed') ? EXIT.failed : EXIT.done;
}

const STYLES = { passed: 'green', skipped: 'yellow', failed: 'red' } as const;

/** The checks by topic, as a list with aligned titles. */
export function checkupText(layout: TextLayout, checks: readonly Checkup[]): string {
  const topics = [...new Set(checks.map(({ topic }) => topic))];
  const width = Math.min(20, Math.max(...checks.map(({ title }) => title.length)));
  return topics
    .map((topic) =>
      [
        styled(layout, 'bold', topic),
        ...checks.filter((each) => each.topic === topic).map((each) => checkLine(layout, each, width)),
      ].join('\n'),
    )
    .join('\n\n');
}

function checkLine(layout: TextLayout, { title, status, detail, fix }: Checkup, width: number): string {
  const indent = ' '.repeat(13 + width);
  const start = `  ${status.padEnd(7)}  ${title.padEnd(width)}  `;
  const text = wrap(layout, indent, detail, start).replace(status, styled(layout, STYLES[status], status));
  return fix === undefined ? text : `${text}\n${wrap(layout, indent, `Fix: ${fix}`)}`;
}

function summaryOf(checks: readonly Checkup[], orgs: readonly OrgToCheck[]): string {
  const count = (status: Checkup['status']): number => checks.filter((each) => each.status === status).length;
  const failedTopics = [...new Set(checks.filter(({ status }) => status === 'failed').map(({ topic }) => topic))];
  const totals = `Doctor: ${count('passed')} passed, ${count('skipped')} skipped, ${count('failed')} failed`;
  if (failedTopics.length > 0) return `${totals} (${joinNames(failedTopics)}). Fix them, then run: ${npmRun('doctor')}`;
  return orgs.length > 0 ? `${totals}. Next: ${npmRun('plan')}` : `${totals}.`;
}
