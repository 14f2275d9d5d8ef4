import { main, type CommandDef } from './lib/cli';
import type { RunsFlags } from './lib/commands/runs';
import { EXIT } from './lib/errors';

export const runs: CommandDef<RunsFlags> = {
  name: 'runs',
  summary: 'List the runs that changed orgs, and what each run has left to do.',
  examples: [
    ['List all runs, newest first:', 'npm run runs'],
    ['List the runs of another folder as JSON:', 'npm run -s runs -- --runs artifacts/runs --json'],
  ],
  exitCodes: [EXIT.done, EXIT.invalid],
  flags: (program) =>
    program.option('--runs <folder>', 'Folder of the run journals, relative to the project.', '.runs'),
  run: async (context) => (await import('./lib/commands/runs')).runRuns(context),
};

main(runs, module);
