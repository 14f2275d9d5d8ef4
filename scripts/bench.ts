import type { Command } from 'commander';
import type { BenchFlags } from './bench/run-bench';
import { repeatable, main, positiveInteger, type CommandDef } from './lib/cli';
import { EXIT } from './lib/errors';

export const bench: CommandDef<BenchFlags> = {
  name: 'bench',
  summary: 'Measure deploys to local orgs against plain sf commands, and check of a large project.',
  examples: [
    ['Compare a deploy to 10 orgs with plain sf commands (takes several minutes):', 'npm run bench'],
    ['Measure how the deploy time grows with the number of orgs:', 'npm run bench -- --scale'],
  ],
  exitCodes: [EXIT.done, EXIT.failed, EXIT.invalid],
  flags: (program: Command) =>
    program
      .option('--orgs <number>', 'Number of orgs.', positiveInteger, 10)
      .option('--scale', 'Measure deploys to fleets of several sizes, and fail if a target is missed.', false)
      .option(
        '--large-project',
        'Measure only check of a project with 140,000 files, and fail if a target is missed.',
        false,
      )
      .option('--size <number>', 'Number of orgs to measure with --scale. Can be repeated.', repeatable),
  run: async (context) => (await import('./bench/run-bench')).runBench(context),
};

main(bench, module);
