import type { Command } from 'commander';
import {
  needsFlag,
  repeatable,
  main,
  addFullFlag,
  addFlagGroup,
  addReportFlags,
  addWriteFlags,
  positiveInteger,
  type CommandDef,
} from './lib/cli';
import { EXIT } from './lib/errors';
import type { DeployFlags } from './lib/commands/deploy';
import { withCliWorkers } from './lib/rollout/cli-workers';
import { addVerifyFlags } from './lib/verification/verify-flags';

export const deploy: CommandDef<DeployFlags> = {
  name: 'deploy',
  summary: 'Deploy the desired state to orgs, wave by wave, and read each org back.',
  examples: [
    ['Show the changes in one sandbox without making them:', 'npm run deploy -- --org uat --dry-run'],
    ['Deploy to every org in a pipeline:', 'npm run deploy -- --all --accept disruptive'],
    ['Apply exactly a saved plan:', 'npm run deploy -- --plan plan.json --all'],
  ],
  exitCodes: [EXIT.done, EXIT.failed, EXIT.changes, EXIT.invalid, EXIT.unreachable],
  flags: addDeployFlags,
  run: (context) =>
    withCliWorkers(context, async (workers) => (await import('./lib/commands/deploy')).runDeploy(context, workers)),
};

function addDeployFlags(program: Command): Command {
  addFullFlag(addWriteFlags(program))
    .option('--plan <file>', 'Saved plan (plan --out) to apply exactly. The source is not read.')
    .option('--max-age <duration>', 'Maximum age of the saved plan, such as 90m, 24h, or 7d. Default: 24h.')
    .option('--resume [id]', 'Resume an incomplete run. Default: the latest incomplete run.')
    .option(
      '--only-failed',
      'Resume the latest incomplete run in the orgs that failed, and skip the other orgs.',
      false,
    )
    .option('--rollback-on-failure', 'Roll back an org immediately if it fails after it was changed.')
    .option('--accept <impact>', 'Impact to accept without a terminal: disruptive.', repeatable)
    .option('--verify', 'Verify each org before the next wave starts.')
    .option('--no-verify', 'Resume a run that verifies each org without verification.');
  addReportFlags(addFlagGroup(addRunFlags(program), 'VERIFY FLAGS', addVerifyFlags));
  needsFlag(program, '--plan', '--max-age');
  needsFlag(program, '--canary', '--min-verified', '--min-chats');
  needsFlag(program, '--verify', '--token-command', '--private-key', '--subject', '--token-budget', '--allow-loopback');
  return needsFlag(program, '--verify', '--require', '--tolerate');
}

const addRunFlags = (program: Command): Command =>
  program
    .option('--publish-timeout <duration>', 'Time to wait for published settings to be served. Default: 10m.')
    // An interrupted run may have deployed without publishing, and no field in Salesforce shows that.
    .option('--publish', 'Publish the chat deployments even if nothing changed.', false)
    .option('--runs <folder>', 'Folder of the run journals, relative to the project.', '.runs')
    .option(
      '--concurrency <number>',
      'Maximum number of orgs of a wave to deploy at the same time. Default: depends on the processors and memory.',
      positiveInteger,
    )
    .option('--max-failures <number>', 'Number of orgs that can fail before later waves are skipped.', positiveInteger)
    .option('--canary <duration>', 'Time to watch the chats of each wave before the next one starts, such as 30m.')
    .option('--min-verified <percent>', 'Minimum share of verified chats for --canary. Default: 95.')
    .option(
      '--min-chats <number>',
      'Number of chats below which --canary is inconclusive. Default: 20.',
      positiveInteger,
    )
    .option('--wave-delay <duration>', 'Time between two waves, such as 90s, 10m, or 2h.')
    .option('--lock-timeout <duration>', 'Time to wait for other runs and deploy jobs in an org. Default: 10m.')
    .option(
      '--submit-timeout <duration>',
      'Time to wait for an unconfirmed deploy job to appear in the org. Default: 60s.',
    );

main(deploy, module);
