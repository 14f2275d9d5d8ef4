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

/** The values that the steps of the tour need. */
export interface TourContext {
  readonly context: TourCommandContext;
  readonly workers: CliWorkerPool;
  readonly orgs: readonly LocalOrg[];
  /** Logs the CLI in to every org. */
  readonly logIn: () => Promise<void>;
  readonly check: () => Promise<ExitCode>;
  /** The folder of the private key of dev. */
  readonly folder: string;
}

/** One step of the tour: a command, its purpose, and the exit code it must end with. */
export interface TourStep {
  readonly title: string;
  readonly description: string;
  readonly run: () => Promise<ExitCode | void> | void;
  readonly expectedExit?: ExitCode;
  /** The part of the output that is printed without --full. */
  readonly excerpt: (output: string) => string;
}

/** The steps in order. */
export function tourSteps(tour: TourContext): readonly TourStep[] {
  return [...deploySteps(tour), ...verificationSteps(tour), ...driftSteps(tour)];
}

const all = (output: string): string => output;

/** The lines of an output, each with the indented lines below it that continue it. */
const entriesOf = (output: string): readonly string[] =>
  output.split(/\n+(?! )/).filter((entry) => entry.trim() !== '');

/** The last line of an output. */
const lastEntry = (output: string): string => entriesOf(output).at(-1) ?? '';

/** The lines that match, e.g. a table and its total. */
const entriesMatching =
  (pattern: RegExp) =>
  (output: string): string =>
    entriesOf(output)
      .filter((entry) => pattern.test(entry))
      .join('\n');

/** The output from the first line that matches, without empty lines. */
const fromLine =
  (pattern: RegExp) =>
  (output: string): string => {
    const lines = output.split('\n').filter((line) => line !== '');
    return lines
      .slice(
        Math.max(
          0,
          lines.findIndex((line) => pattern.test(line)),
        ),
      )
      .join('\n');
  };

const TABLE_AND_TOTAL = entriesMatching(/^Wave \d|^Deploy /);

function deploySteps({ context, workers, orgs, logIn, check, folder }: TourContext): readonly TourStep[] {
  return [
    {
      title: 'Start three local orgs',
      description:
        'They emulate Salesforce, and the sf CLI logs in to them. prod has channels that were set up by hand.',
      run: async () => {
        await logIn();
        orgs.forEach(({ alias, kind, orgId, url }) =>
          context.print(`${alias.padEnd(6)} ${kind.padEnd(11)} ${orgId}  ${url}`),
        );
      },
      excerpt: all,
    },
    {
      title: `npm run keys -- new ${SAMPLE_KEY} --private-key FILE`,
      description: 'Replaces the sample key of dev with a new key pair in a copy of the project.',
      run: () => replaceSampleKey(context, privateKeyFile(folder)),
      expectedExit: EXIT.done,
      excerpt: () => '',
    },
    {
      title: 'npm run check',
      description: 'Checks force-app and config/orgs without contacting an org.',
      run: check,
      expectedExit: EXIT.done,
      excerpt: lastEntry,
    },
    {
      title: 'npm run plan',
      description: 'Shows the changes of each org and their impact on customers. Exit code 2 means changes exist.',
      run: () => runPlan(context, workers),
      expectedExit: EXIT.changes,
      excerpt: lastEntry,
    },
    {
      title: 'npm run deploy -- --all --accept disruptive',
      description: 'Deploys wave by wave, activates channels, publishes chat deployments, and reads each org back.',
      run: () => runDeploy(context, workers),
      expectedExit: EXIT.done,
      excerpt: TABLE_AND_TOTAL,
    },
  ];
}

const privateKeyFile = (folder: string): string => join(folder, 'dev.pem');

/** The context of a step on dev. Its time is the time of the step, because tokens are short-lived. */
const forDev = (context: TourCommandContext): TourCommandContext => ({
  ...context,
  flags: { ...context.flags, org: ['dev'] },
  now: new Date(),
});

function verificationSteps({ context, workers, folder }: TourContext): readonly TourStep[] {
  return [
    {
      title: 'npm run verify -- --org dev --private-key FILE',
      description: 'Tests dev with a valid token and with forged tokens.',
      run: () => {
        const devContext = forDev(context);
        return runVerify(
          // A local org has no limit of token requests, so the tour doesn't have to wait for the default budget.
          { ...devContext, flags: { ...devContext.flags, privateKey: privateKeyFile(folder), tokenBudget: '1000/1m' } },
          workers,
        );
      },
      expectedExit: EXIT.done,
      excerpt: (output) => fromLine(/^VERIFIED/)(output).replace(/^The trust was read[^]*?covered\.\n/m, ''),
    },
    {
      title: 'npm run token -- explain --org dev --channel Web_Chat --from-org',
      description: 'Explains why dev rejects a token. Exit code 1 means the token is not accepted.',
      run: () => explainBadToken(forDev(context), privateKeyFile(folder), workers),
      expectedExit: EXIT.failed,
      excerpt: (output) => fromLine(/^ +failed /)(output).split(/\n +expected /)[0] ?? output,
    },
    {
      title: 'npm run status',
      description: 'Shows the settings of all orgs side by side.',
      run: () => runStatus(context, workers),
      expectedExit: EXIT.done,
      excerpt: lastEntry,
    },
  ];
}

function driftSteps({ context, workers, orgs }: TourContext): readonly TourStep[] {
  return [
    {
      title: 'Change uat in Setup',
      description: 'An admin turns user verification off for Web_Chat and extends the lifetime of access tokens.',
      run: () => changeInSetup(orgs),
      excerpt: all,
    },
    {
      title: 'npm run plan -- --org uat',
      description: 'Finds the drift and shows the impact of its repair.',
      run: () => runPlan(forUat(context), workers),
      expectedExit: EXIT.changes,
      excerpt: (output) => fromLine(/^uat /)(output).replace(/^\+ add .*\n(?:\[visible\].*\n)?/m, ''),
    },
    {
      title: 'npm run deploy -- --org uat --accept disruptive',
      description: 'Repairs the drift. Only the differences are deployed.',
      run: () => runDeploy(forUat(context), workers),
      expectedExit: EXIT.done,
      excerpt: TABLE_AND_TOTAL,
    },
    {
      title: 'npm run plan',
      description: 'Confirms that no change is left.',
      run: () => runPlan(context, workers),
      expectedExit: EXIT.done,
      excerpt: lastEntry,
    },
  ];
}

const forUat = (context: TourCommandContext): TourCommandContext => ({
  ...context,
  flags: { ...context.flags, org: ['uat'] },
});

/** Turns verification off and extends a lifetime, as an admin might do in Setup. */
export function changeInSetup(orgs: readonly LocalOrg[]): void {
  const uat = orgs.find(({ alias }) => alias === 'uat');
  uat?.edit('messagingChannels/Web_Chat.messagingChannel', (content) =>
    content
      .replace('<authMode>Auth<', '<authMode>UnAuth<')
      .replace('<verifiedUserJwtExpirationTime>60<', '<verifiedUserJwtExpirationTime>240<'),
  );
}
