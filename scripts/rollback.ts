import type { Command } from 'commander';
import {
  repeatable,
  main,
  addFullFlag,
  addReportFlags,
  addWriteFlags,
  positiveInteger,
  type CommandDef,
} from './lib/cli';
import { EXIT } from './lib/errors';
import { withCliWorkers } from './lib/rollout/cli-workers';
import type { RollbackFlags } from './lib/commands/rollback';

export const rollback: CommandDef<RollbackFlags & { readonly plan: boolean }> = {
  name: 'rollback',
  summary: 'Roll back the orgs of a run to their state before the run, and read each org back.',
  examples: [
    ['List the runs with their IDs:', 'npm run runs'],
    ['Show the changes of a rollback without making them:', 'npm run rollback -- --run <id> --dry-run'],
    ['Roll back one org of a run:', 'npm run rollback -- --run <id> --org uat'],
  ],
  exitCodes: [EXIT.done, EXIT.failed, EXIT.changes, EXIT.invalid, EXIT.unreachable],
  flags: (program: Command) =>
    addReportFlags(
      addFullFlag(addWriteFlags(program))
        .option('--run <id>', 'ID of the run to roll back (a folder in .runs). Omit to name the runs.')
        .option('--plan', 'Show the plan and write nothing. Same as --dry-run.', false)
        .option(
          '--accept <impact>',
          'What to accept: disruptive (without a terminal) or undeclared-trust. Can be repeated.',
          repeatable,
        )
        .option('--ignore-conflicts', 'Overwrite changes that were made after the run.', false)
        .option('--runs <folder>', 'Folder of the run journals, relative to the project.', '.runs')
        .option(
          '--concurrency <number>',
          'Maximum number of orgs to roll back at the same time. Default: depends on the processors and memory.',
          positiveInteger,
        )
        .option('--lock-timeout <duration>', 'Time to wait for other runs and deploy jobs in an org. Default: 10m.')
        .option(
          '--submit-timeout <duration>',
          'Time to wait for an unconfirmed deploy job to appear in the org. Default: 60s.',
        ),
    ),
  run: ({ flags, ...context }) =>
    withCliWorkers({ ...context, flags }, async (workers) =>
      (await import('./lib/commands/rollback')).runRollback(
        { ...context, flags: { ...flags, dryRun: flags.dryRun === true || flags.plan } },
        workers,
      ),
    ),
};

main(rollback, module);
