import { join } from 'node:path';
import type { Context } from '../lib/cli';
import { EXIT, type ExitCode } from '../lib/errors';
import { runDeploy, type DeployFlags } from '../lib/commands/deploy';
import { runPlan, type PlanFlags } from '../lib/commands/plan';
import { runStatus } from '../lib/commands/status';
import { runVerify } from '../lib/commands/verify';
import type { CliWorkerPool } from '../lib/sf';
import type { LocalOrg } from '../local-org/index';
import { SAMPLE_KEY, replaceSampleKey } from './sample-key';
import { explainBadToken } from './bad-token';

export type TourCommandContext = Context<DeployFlags & PlanFlags>;

/** What the story is told with. */
export interface TourContext {
  readonly context: TourCommandContext;
  readonly hosts: CliWorkerPool;
  readonly orgs: readonly LocalOrg[];
  /** Logs the CLI in to every org. */
  readonly logIn: () => Promise<void>;
  readonly check: () => Promise<ExitCode>;
  /** Where the private key of dev is kept while the story lasts. */
  readonly folder: string;
}

/** One step of the story: what is run, why, and the exit code it has to end with. */
export interface TourStep {
  readonly title: string;
  readonly description: string;
  readonly run: () => Promise<ExitCode | void> | void;
  readonly expectedExit?: ExitCode;
}

/** The steps, in the order in which somebody would take them. */
export function tourSteps(tour: TourContext): readonly TourStep[] {
  return [...deploySteps(tour), ...verificationSteps(tour), ...driftSteps(tour)];
}

function deploySteps({ context, hosts, orgs, logIn, check, folder }: TourContext): readonly TourStep[] {
  return [
    {
      title: 'Three Salesforce orgs on this machine',
      description:
        'They stand in for yours; the sf CLI is logged in to them. prod already has channels that someone else configured, two of them in conflict with ours.',
      run: async () => {
        await logIn();
        orgs.forEach(({ alias, kind, orgId, url }) =>
          context.print(`${alias.padEnd(6)} ${kind.padEnd(11)} ${orgId}  ${url}`),
        );
      },
    },
    {
      title: `npm run keys -- new ${SAMPLE_KEY} --private-key FILE`,
      description:
        'Nobody has the private half of the sample key of dev. A pair of our own takes its place, in a copy of the project.',
      run: () => replaceSampleKey(context, keyFileIn(folder)),
      expectedExit: EXIT.done,
    },
    {
      title: 'npm run check',
      description: 'Are force-app and config/orgs sound? No org is needed for that.',
      run: check,
      expectedExit: EXIT.done,
    },
    {
      title: 'npm run plan',
      description:
        'What would change in each org, and what does it mean for customers? Exit code 2 says that there are changes.',
      run: () => runPlan(context, hosts),
      expectedExit: EXIT.changes,
    },
    {
      title: 'npm run deploy -- --accept disruptive',
      description:
        'One deployment an org, wave by wave; then channels are activated, deployments published, and every org is read back.',
      run: () => runDeploy(context, hosts),
      expectedExit: EXIT.done,
    },
  ];
}

const keyFileIn = (folder: string): string => join(folder, 'dev.pem');

/** Tokens are made for the minute in which they are shown, however long the steps before took. */
const forDev = (context: TourCommandContext): TourCommandContext => ({
  ...context,
  flags: { ...context.flags, org: ['dev'] },
  now: new Date(),
});

function verificationSteps({ context, hosts, folder }: TourContext): readonly TourStep[] {
  return [
    {
      title: 'npm run verify -- --org dev --private-key FILE',
      description: 'Deployed is not yet proven: does dev let a customer in whose token is good, and nobody else?',
      run: () => {
        const devContext = forDev(context);
        return runVerify({ ...devContext, flags: { ...devContext.flags, privateKey: keyFileIn(folder) } }, hosts);
      },
      expectedExit: EXIT.done,
    },
    {
      title: 'npm run token -- explain --org dev --channel Web_Chat --from-org',
      description:
        'And a token that is not accepted? This one has a slash too many in its issuer. Exit code 1 says that it is broken.',
      run: () => explainBadToken(forDev(context), keyFileIn(folder), hosts),
      expectedExit: EXIT.failed,
    },
    {
      title: 'npm run status',
      description: 'The settings of all orgs side by side.',
      run: () => runStatus(context, hosts),
      expectedExit: EXIT.done,
    },
  ];
}

function driftSteps({ context, hosts, orgs }: TourContext): readonly TourStep[] {
  return [
    {
      title: 'Somebody changes uat in Setup',
      description: 'Web_Chat no longer verifies anybody there, and its tokens live longer. Nobody is told.',
      run: () => changeInSetup(orgs),
    },
    {
      title: 'npm run plan',
      description: 'The drift is found, named and explained.',
      run: () => runPlan(context, hosts),
      expectedExit: EXIT.changes,
    },
    {
      title: 'npm run deploy -- --accept disruptive',
      description: 'And repaired: only what differs is deployed.',
      run: () => runDeploy(context, hosts),
      expectedExit: EXIT.done,
    },
    {
      title: 'npm run plan',
      description: 'Nothing is left to do.',
      run: () => runPlan(context, hosts),
      expectedExit: EXIT.done,
    },
  ];
}

/** What an admin might do in Setup: switch verification off and stretch a lifetime. */
function changeInSetup(orgs: readonly LocalOrg[]): void {
  const uat = orgs.find(({ alias }) => alias === 'uat');
  uat?.edit('messagingChannels/Web_Chat.messagingChannel', (content) =>
    content
      .replace('<authMode>Auth<', '<authMode>UnAuth<')
      .replace('<verifiedUserJwtExpirationTime>60<', '<verifiedUserJwtExpirationTime>240<'),
  );
}
