import { collect, main, wholeNumber, type Verb } from '../../../lib/cli';
import { EXIT, ToolError } from '../../../lib/errors';

interface TrialFlags {
  readonly fail?: string;
  readonly number?: number;
  readonly word: readonly string[];
}

/** A command that does what its flags say, run by main.test.ts as a process of its own. */
const trial: Verb<TrialFlags> = {
  name: 'trial',
  summary: 'Tries the command line.',
  flags: (program) =>
    program
      .option('--fail <how>', 'expected or unforeseen')
      .option('--number <number>', 'a whole number', wholeNumber)
      .option('--word <word>', 'repeatable', collect, []),
  run: async ({ flags, show, progress, document, page, interactive, confirm }) => {
    if (flags.fail === 'unforeseen') throw new TypeError('a slip of the programmer');
    if (flags.fail === 'text') throw 'a text' as unknown;
    if (flags.fail === 'expected') {
      const explanation = { what: 'It is\u001B[2J broken.', why: 'Because.', fix: 'Mend it.' };
      throw new ToolError('login-refused', explanation, { exit: EXIT.unreachable, cause: new Error('the cause') });
    }
    progress('on the way');
    show(JSON.stringify({ flags, page, interactive, confirmed: interactive && (await confirm('Sure?')) }));
    document('{"document": true}');
    return EXIT.changes;
  },
};

main(trial, module);
