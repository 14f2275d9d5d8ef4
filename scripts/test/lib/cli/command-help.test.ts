import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import type { Command } from 'commander';
import { COMMANDS, loadCommand } from '../../../command-list';
import { addGlobalFlags, createProgram } from '../../../lib/cli/flags';
import { runCommand } from '../../../lib/cli/main';
import { parseCommandText } from '../../../lib/model';
import { PROJECT } from '../../gates/list-files';

const NAMES = [...Object.values(COMMANDS).flat(), 'generate', 'screenshots', 'bench'];

/** The program of a command, with its help 200 columns wide. */
async function programOf(name: string): Promise<Command> {
  const definition = await loadCommand(name);
  const program = createProgram(name, definition).configureOutput({ getOutHelpWidth: () => 200 });
  return addGlobalFlags(definition.flags?.(program) ?? program);
}

interface CommandHelp {
  readonly name: string;
  readonly sections: ReadonlyMap<string, readonly string[]>;
  readonly summary: string;
}

/** The help of a command and of each of its subcommands. */
const helpOf = (name: string, command: Command): readonly CommandHelp[] => {
  const [summary = '', ...sections] = command.helpInformation().trimEnd().split('\n\n');
  const entries = sections.map((section) => section.split('\n')).map(([title = '', ...rows]) => [title, rows] as const);
  return [
    { name, summary, sections: new Map(entries) },
    ...command.commands.flatMap((each) => helpOf(`${name} ${each.name()}`, each)),
  ];
};

const examplesIn = ({ sections }: CommandHelp): readonly string[] =>
  (sections.get('EXAMPLES') ?? []).flatMap((line) => /^ {4}\$ (.*)$/.exec(line)?.[1] ?? []);

test('each command and subcommand has a summary, its own flags before shared flags, and two examples', async () => {
  for (const name of NAMES)
    for (const help of helpOf(name, await programOf(name))) {
      assert.match(help.summary, /^[A-Z][^.]*\.(?: [A-Z][^.]*\.)?$/, help.name);
      const titles = [...help.sections.keys()].filter((title) => / FLAGS$|^FLAGS$/.test(title));
      assert.equal(titles.at(-1), 'GLOBAL FLAGS', help.name);
      assert.ok(titles.indexOf('FLAGS') < 1, `${help.name}: ${titles.join(', ')}`);
      assert.ok(examplesIn(help).length >= 2, `${help.name} has ${examplesIn(help).length} examples`);
    }
});

test('flag descriptions start with a capital letter, and defaults have one form', async () => {
  for (const name of NAMES)
    for (const { sections } of helpOf(name, await programOf(name)))
      for (const [title, rows] of sections)
        if (title.endsWith('FLAGS'))
          for (const row of rows) {
            assert.match(row, /^ {2}(?:-\S.*? {2,}(?:\(required\) )?[A-Z]| {10,}\S)/, `${name}: ${row}`);
            assert.doesNotMatch(row, /\(default: /, `${name}: ${row}`);
          }
});

/** The commands whose examples contact no org, write no file, and end by themselves. */
const CHEAP = /^(?:check|explain|runs|keys|keys jwks|plan)$/;
const WRITES = /--(?:junit|out|markdown|html|runs|write|provider)\b| (?:provider|stage|retire|new|import|list)\b/;

/** Runs an example without its output. */
async function runExample(example: string): Promise<number> {
  const [name = '', ...args] = parseCommandText(example.replace('npm run -s ', 'npm run ')) ?? [];
  const outputs = [process.stdout, process.stderr].map((stream) => mock.method(stream, 'write', () => true));
  try {
    return await runCommand(await loadCommand(name), [...args, '--project', PROJECT]);
  } finally {
    outputs.forEach((output) => output.mock.restore());
  }
}

test('examples that contact no org and write no file run', async () => {
  const examples = (await Promise.all(NAMES.map(async (name) => helpOf(name, await programOf(name)))))
    .flat()
    .filter(({ name }) => CHEAP.test(name))
    .flatMap((help) => examplesIn(help).map((example) => ({ example, help })))
    .filter(({ help, example }) => (help.name !== 'plan' || example.includes('--matrix')) && !WRITES.test(example));
  assert.ok(examples.length >= 6, 'the examples are found');
  for (const { example } of examples) assert.ok([0, 2].includes(await runExample(example)), example);
});
