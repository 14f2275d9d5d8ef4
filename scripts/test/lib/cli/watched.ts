import { follow, main, type Verb } from '../../../lib/cli';
import { ToolError } from '../../../lib/errors';

// What a process started by a test lacks: somebody who watches.
Object.assign(process.stderr, { isTTY: true, columns: 80, rows: 24 });

/** A command whose only org never comes to an end; run by live-board.test.ts as a process of its own, and stopped. */
const watched: Verb = {
  name: 'watched',
  summary: 'Waits.',
  run: async (context) => {
    const orgs = [{ alias: 'dev', wave: 1 }];
    const never = new Promise<never>((_, reject) => {
      const explanation = { what: 'The command was stopped.', why: 'Because.', fix: 'Run it again.' };
      void context.untilStopped().then(() => reject(new ToolError('interrupted', explanation)));
    });
    const hours = new Promise<never>(() => void setInterval(() => undefined, 1_000));
    const work = follow(context, { verb: 'Deploying', orgs, first: 'deploying', atOnce: true }, () => hours);
    return Promise.race([work, never]);
  },
};

main(watched, module);
