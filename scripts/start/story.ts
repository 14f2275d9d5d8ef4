import { join } from 'node:path';
import type { Context } from '../lib/cli';
import { EXIT, type ExitCode } from '../lib/errors';
import { runDeploy, runPlan, runStatus, runVerify, type DeployFlags, type PlanFlags } from '../lib/run';
import type { HostPool } from '../lib/sf';
import type { LocalOrg } from '../local-org/index';
import { KEY, replaceSample } from './trial-key';
import { explainWrong } from './wrong-token';

export type Told = Context<DeployFlags & PlanFlags>;

/** What the story is told with. */
export interface Stage {
  readonly context: Told;
  readonly hosts: HostPool;
  readonly orgs: readonly LocalOrg[];
  /** Logs the CLI in to every org. */
  readonly logIn: () => Promise<void>;
  readonly check: () => Promise<ExitCode>;
  /** Where the private key of dev is kept while the story lasts. */
  readonly folder: string;
}

/** One step of the story: what is run, why, and the exit code it has to end with. */
export interface Step {
  readonly title: string;
  readonly told: string;
  readonly run: () => Promise<ExitCode | void> | void;
  readonly ends?: ExitCode;
}

/** The steps, in the order in which somebody would take them. */
export function storyOf(stage: Stage): readonly Step[] {
  return [...beginning(stage), ...proof(stage), ...drift(stage)];
}

function beginning({ context, hosts, orgs, logIn, check, folder }: Stage): readonly Step[] {
  return [
    {
      title: 'Three Salesforce orgs on this machine',
      told: 'They stand in for yours; the sf CLI is logged in to them. prod already has channels that someone else configured, two of them in conflict with ours.',
      run: async () => {
        await logIn();
        orgs.forEach(({ alias, kind, orgId, url }) =>
          context.show(`${alias.padEnd(6)} ${kind.padEnd(11)} ${orgId}  ${url}`),
        );
      },
    },
    {
      title: `npm run keys -- new ${KEY} --private-key FILE`,
      told: 'Nobody has the private half of the sample key of dev. A pair of our own takes its place, in a copy of the project.',
      run: () => replaceSample(context, keyIn(folder)),
      ends: EXIT.done,
    },
    {
      title: 'npm run check',
      told: 'Are force-app and config/orgs sound? No org is needed for that.',
      run: check,
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
  ];
}

const keyIn = (folder: string): string => join(folder, 'dev.pem');

/** Tokens are made for the minute in which they are shown, however long the steps before took. */
const dev = (context: Told): Told => ({ ...context, flags: { ...context.flags, org: ['dev'] }, now: new Date() });

function proof({ context, hosts, folder }: Stage): readonly Step[] {
  return [
    {
      title: 'npm run verify -- --org dev --private-key FILE',
      told: 'Deployed is not yet proven: does dev let a customer in whose token is good, and nobody else?',
      run: () => {
        const asked = dev(context);
        return runVerify({ ...asked, flags: { ...asked.flags, privateKey: keyIn(folder) } }, hosts);
      },
      ends: EXIT.done,
    },
    {
      title: 'npm run token -- explain --org dev --channel Web_Chat --live',
      told: 'And a token that is not accepted? This one has a slash too many in its issuer. Exit code 1 says that it is broken.',
      run: () => explainWrong(dev(context), keyIn(folder), hosts),
      ends: EXIT.failed,
    },
    {
      title: 'npm run status',
      told: 'The settings of all orgs side by side.',
      run: () => runStatus(context, hosts),
      ends: EXIT.done,
    },
  ];
}

function drift({ context, hosts, orgs }: Stage): readonly Step[] {
  return [
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
