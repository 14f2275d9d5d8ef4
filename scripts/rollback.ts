import type { Command } from 'commander';
import { repeatable, main, addReportFlags, positiveInteger, type CommandDef } from './lib/cli';
import { withCliWorkers } from './lib/rollout/cli-workers';
import type { RollbackFlags } from './lib/commands/rollback';

export const rollback: CommandDef<RollbackFlags> = {
  name: 'rollback',
  summary: 'Brings orgs back to what they held before a run, and reads each one back.',
  flags: (program: Command) =>
    addReportFlags(program)
      .option('--run <id>', 'the run to take back: its folder in .runs (without it: which there are)')
      .option(
        '--accept <impact>',
        'go ahead without asking: "disruptive" accepts changes that disturb customers',
        repeatable,
      )
      .option('--ignore-conflicts', 'overwrite what somebody changed after the run', false)
      .option('--runs <folder>', 'where journals are kept, relative to the project', '.runs')
      .option('--concurrency <number>', 'orgs at once', positiveInteger, 50)
      .option('--lock-timeout <duration>', 'how long to wait for other runs and deployments in an org', '10m')
      .option(
        '--submit-timeout <duration>',
        'how long a submission without an answer may take to show up in the org',
        '60s',
      ),
  run: (context) =>
    withCliWorkers(context, async (hosts) => (await import('./lib/commands/rollback')).runRollback(context, hosts)),
};

main(rollback, module);
