import type { Command } from 'commander';
import { collect, main, reportFlags, wholeNumber, type Verb } from './lib/cli';
import type { DeployFlags } from './lib/run/deploy';
import { withHosts } from './lib/run/hosts';
import { proofOptions } from './lib/run/proof-flags';

export const deploy: Verb<DeployFlags> = {
  name: 'deploy',
  summary: 'Plans as plan does, applies the plan wave by wave, and reads each org back.',
  flags: (program: Command) =>
    proofOptions(reportFlags(program))
      .option('--plan <file>', 'apply exactly a plan that plan --out wrote, or refuse; the source is not read')
      .option('--max-age <span>', 'how old that plan may be: 90m, 24h, 7d', '24h')
      .option('--resume [run]', 'go on with a run that did not come through (without a name: the last one)')
      .option('--only-failed', 'go on with the last run, at the orgs alone that failed', false)
      .option('--rollback-on-failure', 'bring an org back at once when it was changed and does not come through', false)
      .option(
        '--accept <impact>',
        'go ahead without asking: "disruptive" accepts changes that disturb customers',
        collect,
      )
      .option('--verify', 'prove of each org that it verifies its customers before the next wave', false)
      .option('--verify-wait <minutes>', 'how long a publication may take to arrive', wholeNumber, 10)
      // An interrupted run may have deployed without publishing, and no field of Salesforce tells.
      .option('--publish', 'publish the deployments even where nothing changed', false)
      .option('--runs <folder>', 'where journals are kept, relative to the project', '.runs')
      .option('--concurrency <number>', 'orgs at once inside a wave', wholeNumber, 50)
      .option('--max-failures <number>', 'orgs that may fail before later waves are skipped', wholeNumber)
      .option('--pause-between <span>', 'time between two waves: 90s, 10m, 2h')
      .option('--wait <span>', 'how long to wait for other runs and deployments in an org', '10m')
      .option('--settle <span>', 'how long a submission without an answer may take to show up in the org', '60s'),
  run: (context) => withHosts(context, async (hosts) => (await import('./lib/run')).runDeploy(context, hosts)),
};

main(deploy, module);
