import { setTimeout as pause } from 'node:timers/promises';
import { main, type CommandDef } from '../../../lib/cli';

/** A command that works for a moment and then asks a question. live-progress.test.ts runs it in a pseudo-terminal. */
const confirmingCommand: CommandDef = {
  name: 'confirming-command',
  summary: 'Ask a question.',
  examples: [],
  exitCodes: [0],
  run: async ({ print, confirm }) => {
    print('working');
    await pause(1_000);
    print(`answer: ${(await confirm('Deploy?')) ? 'yes' : 'no'}`);
    return 0;
  },
};

main(confirmingCommand, module);
