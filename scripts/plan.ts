import type { Command } from 'commander';
import { main, addReportFlags, positiveInteger, type CommandDef } from './lib/cli';
import type { MatrixFlags } from './lib/pipeline';
import { withCliWorkers } from './lib/rollout/cli-workers';
import type { PlanFlags } from './lib/commands/plan';

export const plan: CommandDef<PlanFlags & MatrixFlags & { readonly matrix: boolean }> = {
  name: 'plan',
  summary: 'Shows what would change in each org, and what it means for customers. Writes nothing.',
  flags: (program: Command) =>
    addReportFlags(program)
      .option('--out <file>', 'also write the plan there, sealed: deploy --plan applies exactly that')
      .option('--matrix', 'only print the jobs of a pipeline as JSON for strategy.matrix; no org is contacted', false)
      .option('--per-job <number>', 'with --matrix: orgs that one job takes', positiveInteger, 10)
      .option('--waves <number>', 'with --matrix: a line for each of so many waves, as step outputs', positiveInteger),
  run: async (context) =>
    context.flags.matrix
      ? (await import('./lib/pipeline')).runMatrix(context)
      : withCliWorkers(context, async (hosts) => (await import('./lib/commands/plan')).runPlan(context, hosts)),
};

main(plan, module);
