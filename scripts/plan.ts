import type { Command } from 'commander';
import {
  main,
  addFullFlag,
  addOrgFlags,
  addReportFlags,
  positiveInteger,
  type CommandDef,
  excludesFlags,
  needsFlag,
} from './lib/cli';
import { EXIT } from './lib/errors';
import type { MatrixFlags } from './lib/pipeline';
import { withCliWorkers } from './lib/rollout/cli-workers';
import type { PlanFlags } from './lib/commands/plan';

export const plan: CommandDef<PlanFlags & MatrixFlags & { readonly matrix: boolean }> = {
  name: 'plan',
  summary: 'Show the changes that a deploy would make in each org, and their impact on customers.',
  examples: [
    ['Plan every org:', 'npm run plan'],
    ['Save the plan of one sandbox, to deploy exactly that plan:', 'npm run plan -- --org uat --out plan.json'],
    ['Print the jobs of a pipeline with 3 waves:', 'npm run -s plan -- --matrix --waves 3'],
  ],
  exitCodes: [EXIT.done, EXIT.failed, EXIT.changes, EXIT.invalid, EXIT.unreachable],
  flags: addPlanFlags,
  run: async (context) =>
    context.flags.matrix
      ? (await import('./lib/pipeline')).runMatrix(context)
      : withCliWorkers(context, async (workers) => (await import('./lib/commands/plan')).runPlan(context, workers)),
};

function addPlanFlags(program: Command): Command {
  addReportFlags(
    addFullFlag(addOrgFlags(program))
      .option('--out <file>', 'File for the saved plan, which deploy --plan applies exactly.')
      .option('--matrix', "Print the jobs of a pipeline as JSON for GitHub's strategy.matrix. Contacts no org.", false)
      .option('--per-job <number>', 'Maximum number of orgs in each job of --matrix.', positiveInteger, 10)
      .option(
        '--waves <number>',
        'Number of waves of the pipeline: --matrix prints one line for each.',
        positiveInteger,
      ),
  );
  needsFlag(program, '--matrix', '--per-job', '--waves');
  return excludesFlags(program, '--matrix', '--out', '--full', '--junit', '--markdown', '--html');
}

main(plan, module);
