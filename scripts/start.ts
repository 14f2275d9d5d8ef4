import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCheck } from './check';
import { copyProject } from './demo-site/project';
import { main, type Context, type Verb } from './lib/cli';
import { EXIT, ToolError, type ExitCode } from './lib/errors';
import { styled, wrap } from './lib/report';
import { withHosts } from './lib/run';
import type { HostPool } from './lib/sf';
import { logIn } from './local-org';
import { startLocalOrgs } from './local-org/orgs';
import { storyOf, type Stage, type Step, type Told } from './start/story';

/** Shows the whole project at work on three local orgs: no Salesforce, no login, nothing left behind. */
export const start: Verb = {
  name: 'start',
  summary: 'Shows check, plan, deploy, the proof, status and the repair of a drift on three local orgs.',
  run: withOwnFolder,
};

const FLEET = [
  { alias: 'dev', kind: 'sandbox' },
  { alias: 'uat', kind: 'sandbox' },
  { alias: 'prod', kind: 'production' },
] as const;

/** The orgs, their logins and the login store live in a folder of their own, which goes when the show is over. */
async function withOwnFolder(context: Context): Promise<ExitCode> {
  const folder = mkdtempSync(join(tmpdir(), 'user-verification-start-'));
  try {
    return await withHosts(context, (hosts) => withOrgs(context, hosts, folder), folder);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function withOrgs(context: Context, hosts: HostPool, folder: string): Promise<ExitCode> {
  const project = copyOf(context.flags.project, folder);
  const local = await startLocalOrgs({ orgs: FLEET, folder, anyPort: true });
  try {
    const told = alone(context, folder, project);
    const commands = { check: () => runCheck(told), logIn: () => logIn(hosts, local) };
    return await tell({ context: told, hosts, orgs: local.orgs, folder, ...commands });
  } finally {
    await local.close();
  }
}

/** The story writes a key of its own to the project, so it has a copy. Its orgs are those that the project came with. */
function copyOf(project: string, folder: string): string {
  const gone = FLEET.filter(({ alias }) => !existsSync(join(project, `config/orgs/${alias}.json`)));
  if (gone.length > 0) throw noStory(gone.map(({ alias }) => alias));
  const copy = join(folder, 'project');
  copyProject(project, copy);
  cpSync(join(project, 'config'), join(copy, 'config'), { recursive: true });
  return copy;
}

const noStory = (gone: readonly string[]): ToolError =>
  new ToolError(
    'unknown-org',
    {
      what: 'The story is about the orgs dev, uat and prod, as the project came.',
      why: `config/orgs no longer has ${gone.join(', ')}.`,
      fix: 'For your own orgs: npm run check, then npm run plan. For the story: a fresh clone of the project.',
    },
    { exit: EXIT.invalid },
  );

/** Journals go where the orgs are; the story is told in words only. */
const alone = (context: Context, folder: string, project: string): Told => ({
  ...context,
  flags: { ...context.flags, project, json: false, accept: ['disruptive'], concurrency: 10, runs: folder },
  document: () => undefined,
});

async function tell(stage: Stage): Promise<ExitCode> {
  const { context } = stage;
  for (const [index, step] of storyOf(stage).entries()) {
    if (!(await play(context, step, index + 1))) return EXIT.failed;
  }
  context.show(
    `\n${wrap(context.page, '', 'That was the whole project, with the real sf CLI. The orgs are stopped and nothing is left of them. To try by hand: npm run local-org. For your own org, see "Your first sandbox" in README.md.')}`,
  );
  return EXIT.done;
}

async function play({ page, show: say }: Context, { title, told, run, ends }: Step, number: number): Promise<boolean> {
  say(`\n${styled(page, 'inverse', ` ${number}. ${title} `)}\n${wrap(page, '', told)}\n`);
  const code = await run();
  if (ends !== undefined) say(`\n(exit code ${String(code)})`);
  if (code === ends || ends === undefined) return true;
  say(`\nThis step should have ended with exit code ${ends}, but ended with ${String(code)}.`);
  return false;
}

main(start, module);
