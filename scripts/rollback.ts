import type { Command } from 'commander';
import { collect, main, reportFlags, wholeNumber, type Verb } from './lib/cli';
import { withHosts } from './lib/run/hosts';
import type { RollbackFlags } from './lib/run/rollback';

export const rollback: Verb<RollbackFlags> = {
  name: 'rollback',
  summary: 'Brings orgs back to what they held before a run, and reads each one back.',
  flags: (program: Command) =>
    reportFlags(program)
      .option('--run <run>', 'the run to take back: its folder in .runs (without it: which there are)')
      .option(
        '--accept <impact>',
        'go ahead without asking: "disruptive" accepts changes that disturb customers',
        collect,
      )
      .option('--over', 'overwrite what somebody changed after the run', false)
      .option('--runs <folder>', 'where journals are kept, relative to the project', '.runs')
      .option('--concurrency <number>', 'orgs at once', wholeNumber, 50)
      .option('--wait <span>', 'how long to wait for other runs and deployments in an org', '10m')
      .option('--settle <span>', 'how long a submission without an answer may take to show up in the org', '60s'),
  run: (context) => withHosts(context, async (hosts) => (await import('./lib/run')).runRollback(context, hosts)),
};

main(rollback, module);
