import type { Command } from 'commander';
import type { CalibrateFlags } from './lib/calibrate';
import { addOrgFlag, main, positiveInteger, repeatable, type CommandDef, excludesFlags, needsFlag } from './lib/cli';
import { EXIT } from './lib/errors';
import { withCliWorkers } from './lib/rollout/cli-workers';

export const calibrate: CommandDef<CalibrateFlags> = {
  name: 'calibrate',
  summary: 'Find out in a sandbox how Salesforce behaves where its documentation says nothing.',
  examples: [
    ['List the questions and how each one is answered:', 'npm run calibrate -- --list'],
    ['Answer all questions that need only a login:', 'npm run calibrate -- --org mysandbox'],
    ['Delete what an interrupted run left:', 'npm run calibrate -- --org mysandbox --clean-up'],
  ],
  exitCodes: [EXIT.done, EXIT.failed, EXIT.invalid, EXIT.unreachable],
  flags: addCalibrateFlags,
  run: async (context) => {
    if (context.flags.list === true) return (await import('./lib/calibrate/run')).listExperiments(context);
    return withCliWorkers(context, async (workers) => (await import('./lib/calibrate')).runCalibrate(context, workers));
  },
};

/** The flags that only matter if experiments run. */
const EXPERIMENT_FLAGS = [
  '--only',
  '--skip',
  '--endpoint',
  '--listen',
  '--web',
  '--agent',
  '--limited-user',
  '--token-budget',
];
const RUN_FLAGS = ['--org', '--target-org', '--clean-up', '--yes', '--runs'];

function addCalibrateFlags(program: Command): Command {
  addOrgFlag(program, 'Alias of the login of a sandbox or scratch org. Required, except with --list.')
    .option('--only <id>', 'Experiment to run. Can be repeated. Default: all experiments.', repeatable)
    .option('--skip <id>', 'Experiment not to run. Can be repeated.', repeatable)
    .option('--list', 'List the experiments. No org is contacted.', false)
    .option('--clean-up', 'Delete all components named Calibrate_*, and run no experiment.', false)
    .option('--yes', 'Answer the confirmation prompt with yes. Required without a terminal.', false)
    .option('--endpoint <url>', 'Public HTTPS URL that a tunnel forwards to --listen, for the jwks-* experiments.')
    .option('--listen <port>', 'Port on this machine that serves the endpoint. Default: 8790.', positiveInteger)
    .option('--web', 'Create Web chat deployments too. Each has a site, which you may have to delete in Setup.', false)
    .option('--agent <name>', 'API name of an active Agentforce Service Agent, for the experiment with agents.')
    .option('--limited-user <alias>', 'Alias of a login to the same org, of a user without Configure Messaging.')
    .option('--token-budget <requests/time>', 'Token requests in a time. Default: 60/1m.')
    .option('--runs <folder>', 'Folder of the run journals, relative to the project.', '.runs');
  needsFlag(program, '--endpoint', '--listen');
  excludesFlags(program, '--clean-up', ...EXPERIMENT_FLAGS);
  return excludesFlags(program, '--list', ...EXPERIMENT_FLAGS, ...RUN_FLAGS);
}

main(calibrate, module);
