import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCheck } from './check';
import { main, type Context, type Verb } from './lib/cli';
import { EXIT, type ExitCode } from './lib/errors';
import { styled, wrap } from './lib/report';
import { runDeploy, runPlan, runStatus, withHosts, type DeployFlags, type PlanFlags } from './lib/run';
import type { HostPool } from './lib/sf';
import { logIn } from './local-org';
import type { LocalOrg } from './local-org/index';
import { startLocalOrgs } from './local-org/orgs';

/** Shows the whole project at work on three local orgs: no Salesforce, no login, nothing left behind. */
export const start: Verb = {
  name: 'start',
  summary: 'Shows check, plan, deploy, status and the repair of a drift on three local orgs.',
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
  const local = await startLocalOrgs({ orgs: FLEET, folder, anyPort: true });
  try {
    return await show(alone(context, folder), hosts, local.orgs, () => logIn(hosts, local));
  } finally {
    await local.close();
  }
}

/** Journals go where the orgs are; the story is told in words only. */
const alone = (context: Context, folder: string): Told => ({
  ...context,
  flags: { ...context.flags, json: false, accept: ['disruptive'], concurrency: 10, runs: folder },
  document: () => undefined,
});

type Told = Context<DeployFlags & PlanFlags>;

/** One step of the story: what is run, why, and the exit code it has to end with. */
interface Step {
  readonly title: string;
  readonly told: string;
  readonly run: () => Promise<ExitCode | void> | void;
  readonly ends?: ExitCode;
}

async function show(
  context: Told,
  hosts: HostPool,
  orgs: readonly LocalOrg[],
  logInAll: () => Promise<void>,
): Promise<ExitCode> {
  const steps: readonly Step[] = [
    {
      title: 'Three Salesforce orgs on this machine',
      told: 'They stand in for yours; the sf CLI is logged in to them. prod already has channels that someone else configured, two of them in conflict with ours.',
      run: async () => {
        await logInAll();
        orgs.forEach(({ alias, kind, orgId, url }) =>
          context.show(`${alias.padEnd(6)} ${kind.padEnd(11)} ${orgId}  ${url}`),
        );
      },
    },
    {
      title: 'npm run check',
      told: 'Are force-app and config/orgs sound? No org is needed for that.',
      run: () => runCheck(context),
      ends: EXIT.done,
    },
    {
      title: 'npm run plan',
      told: 'What would change in each org, and what does it mean for customers? Exit code 2 says that there are changes.',
      run: () => runPlan(context, hosts),
      ends: EXIT.changes,
    },
    {
      title: 'npm run deploy -- --accept disruptive',
      told: 'One deployment an org, wave by wave; then channels are activated, deployments published, and every org is read back.',
      run: () => runDeploy(context, hosts),
      ends: EXIT.done,
    },
    {
      title: 'npm run status',
      told: 'The same settings side by side.',
      run: () => runStatus(context, hosts),
      ends: EXIT.done,
    },
    {
      title: 'Somebody changes uat in Setup',
      told: 'Web_Chat no longer verifies anybody there, and its tokens live longer. Nobody is told.',
      run: () => tamper(orgs),
    },
    {
      title: 'npm run plan',
      told: 'The drift is found, named and explained.',
      run: () => runPlan(context, hosts),
      ends: EXIT.changes,
    },
    {
      title: 'npm run deploy -- --accept disruptive',
      told: 'And repaired: only what differs is deployed.',
      run: () => runDeploy(context, hosts),
      ends: EXIT.done,
    },
    { title: 'npm run plan', told: 'Nothing is left to do.', run: () => runPlan(context, hosts), ends: EXIT.done },
  ];
  for (const [index, step] of steps.entries()) {
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

/** What an admin might do in Setup: switch verification off and stretch a lifetime. */
function tamper(orgs: readonly LocalOrg[]): void {
  const uat = orgs.find(({ alias }) => alias === 'uat');
  uat?.edit('messagingChannels/Web_Chat.messagingChannel', (content) =>
    content
      .replace('<authMode>Auth<', '<authMode>UnAuth<')
      .replace('<verifiedUserJwtExpirationTime>60<', '<verifiedUserJwtExpirationTime>240<'),
  );
}

main(start, module);
