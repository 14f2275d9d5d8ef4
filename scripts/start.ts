import type { Command } from 'commander';
import { main, type CommandDef } from './lib/cli';
import { EXIT } from './lib/errors';
import type { StartFlags } from './start/run-start';

export const start: CommandDef<StartFlags> = {
  name: 'start',
  summary: 'Run check, plan, deploy, verify, status, and the repair of a drifted org on three local orgs.',
  examples: [
    ['Run the tour (takes less than a minute):', 'npm start'],
    ['Run the tour with the complete output of each command:', 'npm start -- --full'],
  ],
  exitCodes: [EXIT.done, EXIT.failed, EXIT.invalid],
  flags: (program: Command) => program.option('--full', 'Print the complete output of each command.', false),
  run: async (context) => (await import('./start/run-start')).runStart(context),
};

main(start, module);
