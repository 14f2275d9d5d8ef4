import type { Command } from 'commander';
import { repeatable, main, addReportFlags, positiveInteger, type CommandDef } from './lib/cli';
import type { DeployFlags } from './lib/commands/deploy';
import { withCliWorkers } from './lib/rollout/cli-workers';
import { addVerifyFlags } from './lib/verification/verify-flags';

export const deploy: CommandDef<DeployFlags> = {
  name: 'deploy',
  summary: 'Plans as plan does, applies the plan wave by wave, and reads each org back.',
  flags: (program: Command) =>
    addVerifyFlags(addReportFlags(program))
      .option('--plan <file>', 'apply exactly a plan that plan --out wrote, or refuse; the source is not read')
      .option('--max-age <duration>', 'how old that plan may be: 90m, 24h, 7d', '24h')
      .option('--resume [id]', 'go on with a run that did not come through (without a name: the last one)')
      .option('--only-failed', 'go on with the last run, at the orgs alone that failed', false)
      .option('--rollback-on-failure', 'bring an org back at once when it was changed and does not come through', false)
      .option(
        '--accept <impact>',
        'go ahead without asking: "disruptive" accepts changes that disturb customers',
        repeatable,
      )
      .option('--verify', 'prove of each org that it verifies its customers before the next wave', false)
      .option('--publish-timeout <duration>', 'how long a publication may take to arrive', '10m')
      // An interrupted run may have deployed without publishing, and no field of Salesforce tells.
      .option('--publish', 'publish the deployments even where nothing changed', false)
      .option('--runs <folder>', 'where journals are kept, relative to the project', '.runs')
      .option('--concurrency <number>', 'orgs at once inside a wave', positiveInteger, 50)
      .option('--max-failures <number>', 'orgs that may fail before later waves are skipped', positiveInteger)
      .option('--wave-delay <duration>', 'time between two waves: 90s, 10m, 2h')
      .option('--lock-timeout <duration>', 'how long to wait for other runs and deployments in an org', '10m')
      .option(
        '--submit-timeout <duration>',
        'how long a submission without an answer may take to show up in the org',
        '60s',
      ),
  run: (context) =>
    withCliWorkers(context, async (hosts) => (await import('./lib/commands/deploy')).runDeploy(context, hosts)),
};

main(deploy, module);
