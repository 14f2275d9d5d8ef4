import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addGlobalFlags, addSubcommand, addWriteFlags, createProgram, positiveInteger } from '../../../lib/cli/flags';

const HELP = {
  summary: 'Deploy the orgs.',
  examples: [['Deploy one org:', 'npm run deploy -- --org uat']],
  exitCodes: [0, 3],
} as const;

const widths = { writeOut: () => undefined, getOutHelpWidth: () => 100 };

test('help wraps a summary that is wider than the terminal', () => {
  const summary = 'Show the changes that a deploy would make in each org, and their impact on customers.';
  const program = createProgram('plan', { ...HELP, summary }).configureOutput({ ...widths, getOutHelpWidth: () => 80 });
  const [first, second] = program.helpInformation().split('\n');
  assert.deepEqual([first, second].join(' '), summary);
  assert.ok((first ?? '').length <= 80);
});

test('help lists the summary, usage, flags, shared flags, global flags, examples, and exit codes in this order', () => {
  const program = createProgram('deploy', HELP).configureOutput(widths);
  addWriteFlags(program).option('--age <duration>', 'Maximum age.', '24h');
  assert.equal(
    addGlobalFlags(program).helpInformation(),
    `Deploy the orgs.

USAGE
  $ npm run deploy -- [flags]

FLAGS
  --dry-run         Show the plan and write nothing.
  --yes             Answer the confirmation prompt with yes.
  --age <duration>  Maximum age. Default: 24h.

ORG FLAGS
  -o, --org <alias>  Alias of an org file in config/orgs. Can be repeated. Alias of the flag:
                     --target-org.
  --wave <number>    Wave of the orgs to select.
  --all              Select all orgs, including production.

GLOBAL FLAGS
  --project <folder>  Folder of the Salesforce DX project. Default: the current folder.
  --json              Print the result as JSON to stdout and everything else to stderr.
  --debug             Print stack traces for unexpected errors.
  -h, --help          Show this help.

EXAMPLES
  Deploy one org:
    $ npm run deploy -- --org uat

EXIT CODES
  0  Success, or nothing to do.
  3  Config, source, flags, or input are invalid. No org was contacted.
`,
  );
});

test('help of a subcommand lists its own flags, and the flags of the program as global flags', () => {
  const program = createProgram('keys', HELP).configureOutput(widths);
  const list = { summary: 'List keys.', examples: [], exitCodes: [0] } as const;
  const command = addSubcommand(program, 'list <keyset> [key]', list).option(
    '--days <number>',
    'Days.',
    positiveInteger,
    30,
  );
  addGlobalFlags(program);
  assert.match(program.helpInformation(), /^ {2}\$ npm run keys -- <subcommand> \[flags\]$/m);
  assert.match(program.helpInformation(), /\nCOMMANDS\n {2}list <keyset> \[key\] {2}List keys\.\n\n/);
  assert.match(
    command.helpInformation(),
    /^List keys\.\n\nUSAGE\n {2}\$ npm run keys -- list <keyset> \[key\] \[flags\]\n/,
  );
  assert.match(
    command.helpInformation(),
    /\nFLAGS\n {2}--days <number> {2}Days\. Default: 30\.\n\nGLOBAL FLAGS\n {2}--project/,
  );
});
