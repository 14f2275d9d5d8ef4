import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCheck } from './check';
import { copyProject } from './demo-site/demo-project';
import { main, type Context, type CommandDef } from './lib/cli';
import { EXIT, ToolError, type ExitCode } from './lib/errors';
import { styled, wrap } from './lib/report';
import { withCliWorkers } from './lib/rollout';
import type { CliWorkerPool } from './lib/sf';
import { logIn } from './local-org';
import { startLocalOrgs } from './local-org/orgs';
import { tourSteps, type TourContext, type TourStep, type TourCommandContext } from './start/tour';

/** Shows the whole project at work on three local orgs: no Salesforce, no login, nothing left behind. */
export const start: CommandDef = {
  name: 'start',
  summary: 'Shows check, plan, deploy, the proof, status and the repair of a drift on three local orgs.',
  run: withTemporaryFolder,
};

const TOUR_ORGS = [
  { alias: 'dev', kind: 'sandbox' },
  { alias: 'uat', kind: 'sandbox' },
  { alias: 'prod', kind: 'production' },
] as const;

/** The orgs, their logins and the login store live in a folder of their own, which goes when the show is over. */
async function withTemporaryFolder(context: Context): Promise<ExitCode> {
  const folder = mkdtempSync(join(tmpdir(), 'user-verification-start-'));
  try {
    return await withCliWorkers(context, (hosts) => withOrgs(context, hosts, folder), folder);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function withOrgs(context: Context, hosts: CliWorkerPool, folder: string): Promise<ExitCode> {
  const project = copyTourProject(context.flags.project, folder);
  const local = await startLocalOrgs({ orgs: TOUR_ORGS, folder, anyPort: true });
  try {
    const tourContext = isolatedContext(context, folder, project);
    const commands = { check: () => runCheck(tourContext), logIn: () => logIn(hosts, local) };
    return await runTour({ context: tourContext, hosts, orgs: local.orgs, folder, ...commands });
  } finally {
    await local.close();
  }
}

/** The story writes a key of its own to the project, so it has a copy. Its orgs are those that the project came with. */
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
      what: 'The story is about the orgs dev, uat and prod, as the project came.',
      why: `config/orgs no longer has ${missing.join(', ')}.`,
      fix: 'For your own orgs: npm run check, then npm run plan. For the story: a fresh clone of the project.',
    },
    { exit: EXIT.invalid },
  );

/** Journals go where the orgs are; the story is told in words only. */
const isolatedContext = (context: Context, folder: string, project: string): TourCommandContext => ({
  ...context,
  flags: { ...context.flags, project, json: false, accept: ['disruptive'], concurrency: 10, runs: folder },
  printJson: () => undefined,
});

async function runTour(tour: TourContext): Promise<ExitCode> {
  const { context } = tour;
  for (const [index, step] of tourSteps(tour).entries()) {
    if (!(await runStep(context, step, index + 1))) return EXIT.failed;
  }
  context.print(
    `\n${wrap(context.layout, '', 'That was the whole project, with the real sf CLI. The orgs are stopped and nothing is left of them. To try by hand: npm run local-org. For your own org, see "Your first sandbox" in README.md.')}`,
  );
  return EXIT.done;
}

async function runStep(
  { layout, print }: Context,
  { title, description, run, expectedExit }: TourStep,
  number: number,
): Promise<boolean> {
  print(`\n${styled(layout, 'inverse', ` ${number}. ${title} `)}\n${wrap(layout, '', description)}\n`);
  const code = await run();
  if (expectedExit !== undefined) print(`\n(exit code ${String(code)})`);
  if (code === expectedExit || expectedExit === undefined) return true;
  print(`\nThis step should have ended with exit code ${expectedExit}, but ended with ${String(code)}.`);
  return false;
}

main(start, module);
