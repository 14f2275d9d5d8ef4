import { trackProgress, main, type CommandDef } from '../../../lib/cli';
import { ToolError } from '../../../lib/errors';

// A process that a test starts has no terminal.
Object.assign(process.stderr, { isTTY: true, columns: 80, rows: 24 });

/** A command whose only org never ends. live-progress.test.ts runs it as a separate process and stops it. */
const hangingCommand: CommandDef = {
  name: 'hanging-command',
  summary: 'Wait until a signal stops the command.',
  examples: [],
  exitCodes: [0, 1],
  run: async (context) => {
    const orgs = [{ alias: 'dev', wave: 1 }];
    const interrupted = new Promise<never>((_, reject) => {
      const explanation = { what: 'The command was stopped.', why: 'Because.', fix: 'Run it again.' };
      void context.untilStopped().then(() => reject(new ToolError('interrupted', explanation)));
    });
    const forever = new Promise<never>(() => void setInterval(() => undefined, 1_000));
    const work = trackProgress(
      context,
      { activity: 'Deploying', orgs, firstStep: 'deploying', ignoreWaves: true },
      () => forever,
    );
    return Promise.race([work, interrupted]);
  },
};

main(hangingCommand, module);
