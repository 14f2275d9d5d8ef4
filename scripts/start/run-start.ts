import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copyProject } from '../demo-site/demo-project';
import type { Context } from '../lib/cli';
import { runCheck } from '../lib/commands/check';
import { EXIT, ToolError, type ExitCode } from '../lib/errors';
import { npmRun } from '../lib/model';
import { styled, wrap } from '../lib/report';
import { withCliWorkers } from '../lib/rollout';
import type { CliWorkerPool } from '../lib/sf';
import type { LocalOrg } from '../local-org/index';
import { startLocalOrgs } from '../local-org/orgs';
import { logIn } from './serve-local-orgs';
import { tourSteps, type TourStep, type TourCommandContext } from './tour';

/** The flags of `start`. */
export interface StartFlags {
  readonly full: boolean;
}

const TOUR_ORGS = [
  { alias: 'dev', kind: 'sandbox' },
  { alias: 'uat', kind: 'sandbox' },
  { alias: 'prod', kind: 'production' },
] as const;

/** The orgs of the tour, running and logged in to, with a copy of the project that may be changed. */
export interface TourOrgs {
  readonly workers: CliWorkerPool;
  readonly orgs: readonly LocalOrg[];
  readonly project: string;
  /** A folder that is deleted at the end. */
  readonly folder: string;
  readonly logIn: () => Promise<void>;
}

/** Starts the orgs of the tour. Their state, their logins and the login store are deleted at the end. */
export async function withTourOrgs<T>(context: Context, use: (tour: TourOrgs) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'user-verification-start-'));
  const startOrgs = async (workers: CliWorkerPool): Promise<T> => {
    const project = copyTourProject(context.flags.project, folder);
    const local = await startLocalOrgs({ orgs: TOUR_ORGS, folder, anyPort: true });
    try {
      return await use({ workers, orgs: local.orgs, project, folder, logIn: () => logIn(workers, local) });
    } finally {
      await local.close();
    }
  };
  try {
    return await withCliWorkers(context, startOrgs, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Runs the tour and prints each of its steps. */
export const runStart = (context: Context<StartFlags>): Promise<ExitCode> =>
  withTourOrgs(context, (tour) => {
    const output: string[] = [];
    const tourContext = isolatedContext(context, { ...tour, output });
    const steps = tourSteps({ ...tour, context: tourContext, check: () => runCheck(tourContext) });
    return runTour(context, steps, output);
  });

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
      fix: `Run npm start in a new clone of the project. For your own orgs: ${npmRun('plan')}`,
    },
    { exit: EXIT.invalid },
  );

/** The context of the commands of the tour: journals are written to its folder, and output is collected without --full. */
const isolatedContext = (
  context: Context<StartFlags>,
  { folder, project, output }: { readonly folder: string; readonly project: string; readonly output: string[] },
): TourCommandContext => ({
  ...context,
  flags: {
    ...context.flags,
    project,
    json: false,
    all: true,
    yes: true,
    accept: ['disruptive'],
    concurrency: 10,
    runs: folder,
  },
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
  'The tour is complete, and its orgs are deleted. For the complete output, run npm start -- --full. For your own org, see "Set up your first sandbox" in README.md.';

/** The output without the next command: it names the copy of the project, which is deleted. The next step shows the command. */
const withoutNextCommand = (output: string): string => output.replace(/^To (deploy|resume|roll back): .*\n?/gm, '');

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
  const shown = passed ? excerpt(withoutNextCommand(text)) : text;
  if (shown !== '') print(shown);
  if (flags.full && expectedExit !== undefined) print(`\n(exit code ${String(exitCode)})`);
  if (!passed) print(`\nThis step ended with exit code ${String(exitCode)} instead of ${expectedExit}.`);
  return passed;
}
