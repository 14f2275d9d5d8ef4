import type { Command } from 'commander';
import { main, reportFlags, wholeNumber, type Verb } from './lib/cli';
import type { MatrixFlags } from './lib/pipeline';
import { withHosts } from './lib/run/hosts';
import type { PlanFlags } from './lib/run/plan';

export const plan: Verb<PlanFlags & MatrixFlags & { readonly matrix: boolean }> = {
  name: 'plan',
  summary: 'Shows what would change in each org, and what it means for customers. Writes nothing.',
  flags: (program: Command) =>
    reportFlags(program)
      .option('--out <file>', 'also write the plan there, sealed: deploy --plan applies exactly that')
      .option('--matrix', 'only print the jobs of a pipeline as JSON for strategy.matrix; no org is contacted', false)
      .option('--per-job <number>', 'with --matrix: orgs that one job takes', wholeNumber, 10)
      .option('--waves <number>', 'with --matrix: a line for each of so many waves, as step outputs', wholeNumber),
  run: async (context) =>
    context.flags.matrix
      ? (await import('./lib/pipeline')).runMatrix(context)
      : withHosts(context, async (hosts) => (await import('./lib/run')).runPlan(context, hosts)),
};

main(plan, module);
