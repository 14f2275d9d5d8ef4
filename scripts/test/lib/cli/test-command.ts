import { addWriteFlags, repeatable, main, positiveInteger, type CommandDef } from '../../../lib/cli';
import { EXIT, ToolError } from '../../../lib/errors';

interface TestCommandFlags {
  readonly fail?: string;
  readonly number?: number;
  readonly word: readonly string[];
}

/** A command that succeeds or fails as its flags say. main.test.ts runs it as a process. */
const testCommand: CommandDef<TestCommandFlags> = {
  name: 'test-command',
  summary: 'Test the command line.',
  examples: [['Print the parsed flags:', 'npm run test-command -- --word x']],
  exitCodes: [EXIT.done, EXIT.changes, EXIT.invalid],
  flags: (program) =>
    addWriteFlags(program)
      .option('--fail <how>', 'How the command fails: expected, unforeseen, or text.')
      .option('--number <number>', 'A whole number.', positiveInteger)
      .option('--word <word>', 'A word. Can be repeated.', repeatable, []),
  run: async ({ flags, print, log, printJson, layout, interactive, confirm }) => {
    if (flags.fail === 'unforeseen') throw new TypeError('a slip of the programmer');
    if (flags.fail === 'text') throw 'a text' as unknown;
    if (flags.fail === 'expected') {
      const explanation = { what: 'It is\u001B[2J broken.', why: 'Because.', fix: 'Repair it.' };
      throw new ToolError('login-refused', explanation, { exit: EXIT.unreachable, cause: new Error('the cause') });
    }
    log('on the way');
    print(JSON.stringify({ flags, page: layout, interactive, confirmed: interactive && (await confirm('Sure?')) }));
    printJson('{"document": true}');
    return EXIT.changes;
  },
};

main(testCommand, module);
