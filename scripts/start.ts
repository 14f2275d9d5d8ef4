import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCheck } from './check';
import { copyProject } from './demo-site/demo-project';
import type { Command } from 'commander';
import { main, type Context, type CommandDef } from './lib/cli';
import { EXIT, ToolError, type ExitCode } from './lib/errors';
import { styled, wrap } from './lib/report';
import { withCliWorkers } from './lib/rollout';
import type { CliWorkerPool } from './lib/sf';
import { logIn } from './local-org';
import { startLocalOrgs } from './local-org/orgs';
import { tourSteps, type TourStep, type TourCommandContext } from './start/tour';

interface StartFlags {
  readonly full: boolean;
}

/** Runs the main commands on three local orgs, without Salesforce and without a login. Leaves nothing behind. */
export const start: CommandDef<StartFlags> = {
  name: 'start',
  summary: 'Run check, plan, deploy, verify, status, and the repair of a drifted org on three local orgs.',
  flags: (program: Command) => program.option('--full', 'Print the complete output of each command.', false),
  run: withTemporaryFolder,
};

const TOUR_ORGS = [
  { alias: 'dev', kind: 'sandbox' },
  { alias: 'uat', kind: 'sandbox' },
  { alias: 'prod', kind: 'production' },
] as const;

/** Keeps the orgs, their logins and the login store in a folder that is deleted at the end. */
async function withTemporaryFolder(context: Context<StartFlags>): Promise<ExitCode> {
  const folder = mkdtempSync(join(tmpdir(), 'user-verification-start-'));
  try {
    return await withCliWorkers(context, (hosts) => withOrgs(context, hosts, folder), folder);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function withOrgs(context: Context<StartFlags>, hosts: CliWorkerPool, folder: string): Promise<ExitCode> {
  const project = copyTourProject(context.flags.project, folder);
  const local = await startLocalOrgs({ orgs: TOUR_ORGS, folder, anyPort: true });
  const output: string[] = [];
  try {
    const tourContext = isolatedContext(context, { folder, project, output });
    const commands = { check: () => runCheck(tourContext), logIn: () => logIn(hosts, local) };
    const steps = tourSteps({ context: tourContext, hosts, orgs: local.orgs, folder, ...commands });
    return await runTour(context, steps, output);
  } finally {
    await local.close();
  }
}

/** Copies the project, because the tour adds a key. The org files are those of the original project. */
function copyTourProject(project: string, folder: string): string {
  const missing = TOUR_ORGS.filter(({ alias }) => !existsSync(join(project, `config/orgs/${alias}.json`)));
  if (missing.length > 0) throw missingOrgsError(missing.map(({ alias }) => alias));
  const copy = join(folder, 'project');
  copyProject(project, copy);
  cpSync(join(project, 'config'), join(copy, 'config'), { recursive: true });
  return copy;
}

const missingOrgsError = (missing: readonly string[]): ToolError =>
  new ToolError(
    'unknown-org',
    {
      what: 'The tour needs the original org files of the project. Nothing was started.',
      why: `config/orgs doesn't contain ${missing.map((alias) => `${alias}.json`).join(', ')}.`,
      fix: 'Run npm start in a new clone of the project. For your own orgs, run npm run plan.',
    },
    { exit: EXIT.invalid },
  );

/** The context of the commands of the tour: journals are written to its folder, and output is collected without --full. */
const isolatedContext = (
  context: Context<StartFlags>,
  { folder, project, output }: { readonly folder: string; readonly project: string; readonly output: string[] },
): TourCommandContext => ({
  ...context,
  flags: { ...context.flags, project, json: false, accept: ['disruptive'], concurrency: 10, runs: folder },
  printJson: () => undefined,
  annotate: () => undefined,
  ...(!context.flags.full && { print: (text) => void output.push(text), log: () => undefined }),
});

async function runTour(context: Context<StartFlags>, steps: readonly TourStep[], output: string[]): Promise<ExitCode> {
  for (const [index, step] of steps.entries()) {
    if (!(await runStep(context, step, index + 1, output))) return EXIT.failed;
  }
  context.print(`\n${wrap(context.layout, '', END)}`);
  return EXIT.done;
}

const END =
  'The tour is complete, and its orgs are deleted. For the complete output, run npm start -- --full. For your own org, see "Your first sandbox" in README.md.';

/** Prints a step and its output; without --full only the excerpt. If the exit code is unexpected, all output is printed. */
async function runStep(
  { layout, print, flags }: Context<StartFlags>,
  { title, description, run, expectedExit, excerpt }: TourStep,
  number: number,
  output: string[],
): Promise<boolean> {
  print(`\n${styled(layout, 'inverse', ` ${number}. ${title} `)}\n${wrap(layout, '', description)}`);
  if (flags.full) print('');
  const exitCode = await run();
  const text = output.splice(0).join('\n');
  const passed = exitCode === expectedExit || expectedExit === undefined;
  const shown = passed ? excerpt(text) : text;
  if (shown !== '') print(shown);
  if (flags.full && expectedExit !== undefined) print(`\n(exit code ${String(exitCode)})`);
  if (!passed) print(`\nThis step ended with exit code ${String(exitCode)} instead of ${expectedExit}.`);
  return passed;
}

main(start, module);
