import type { Command } from 'commander';
import type { LoadTestFlags } from './bench/load/run-load-test';
import { main, positiveInteger, type CommandDef } from './lib/cli';
import { EXIT } from './lib/errors';

export const loadTest: CommandDef<LoadTestFlags> = {
  name: 'load-test',
  summary: 'Send valid and forged tokens to a local org at a fixed rate, and check every response.',
  examples: [
    ['Send 500 requests a second for 60 seconds:', 'npm run load-test'],
    ['Send 100 requests a second for 10 seconds:', 'npm run load-test -- --rate 100 --seconds 10'],
  ],
  exitCodes: [EXIT.done, EXIT.failed, EXIT.invalid],
  flags: (program: Command) =>
    program
      .option('--rate <number>', 'Requests a second.', positiveInteger, 500)
      .option('--seconds <number>', 'Duration in seconds.', positiveInteger, 60),
  run: async (context) => (await import('./bench/load/run-load-test')).runLoadTest(context),
};

main(loadTest, module);
