import { repeatable, main, positiveInteger, type CommandDef } from '../../../lib/cli';
import { EXIT, ToolError } from '../../../lib/errors';

interface TestCommandFlags {
  readonly fail?: string;
  readonly number?: number;
  readonly word: readonly string[];
}

/** A command that does what its flags say, run by main.test.ts as a process of its own. */
const testCommand: CommandDef<TestCommandFlags> = {
  name: 'test-command',
  summary: 'Tries the command line.',
  flags: (program) =>
    program
      .option('--fail <how>', 'expected or unforeseen')
      .option('--number <number>', 'a whole number', positiveInteger)
      .option('--word <word>', 'repeatable', repeatable, []),
  run: async ({ flags, print, log, printJson, layout, interactive, confirm }) => {
    if (flags.fail === 'unforeseen') throw new TypeError('a slip of the programmer');
    if (flags.fail === 'text') throw 'a text' as unknown;
    if (flags.fail === 'expected') {
      const explanation = { what: 'It is\u001B[2J broken.', why: 'Because.', fix: 'Mend it.' };
      throw new ToolError('login-refused', explanation, { exit: EXIT.unreachable, cause: new Error('the cause') });
    }
    log('on the way');
    print(JSON.stringify({ flags, page: layout, interactive, confirmed: interactive && (await confirm('Sure?')) }));
    printJson('{"document": true}');
    return EXIT.changes;
  },
};

main(testCommand, module);
