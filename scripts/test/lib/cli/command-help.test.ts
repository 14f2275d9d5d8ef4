import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allHelp, examplesIn } from '../command-help';

test('each command and subcommand has a summary, its own flags before shared flags, and two examples', async () => {
  for (const help of await allHelp()) {
    assert.match(help.summary, /^[A-Z][^.]*\.(?: [A-Z][^.]*\.)?$/, help.name);
    const titles = [...help.sections.keys()].filter((title) => / FLAGS$|^FLAGS$/.test(title));
    assert.equal(titles.at(-1), 'GLOBAL FLAGS', help.name);
    assert.ok(titles.indexOf('FLAGS') < 1, `${help.name}: ${titles.join(', ')}`);
    assert.ok(examplesIn(help).length >= 2, `${help.name} has ${examplesIn(help).length} examples`);
  }
});

test('flag descriptions start with a capital letter, and defaults have one form', async () => {
  for (const { name, sections } of await allHelp())
    for (const [title, rows] of sections)
      if (title.endsWith('FLAGS'))
        for (const row of rows) {
          assert.match(row, /^ {2}(?:-\S.*? {2,}(?:\(required\) )?[A-Z]| {10,}\S)/, `${name}: ${row}`);
          assert.doesNotMatch(row, /\(default: /, `${name}: ${row}`);
        }
});

test('help of a command and its subcommands lists each flag of its examples', async () => {
  const all = await allHelp();
  for (const { name, ...help } of all) {
    const own = all.filter((each) => each.name === name || each.name.startsWith(`${name} `));
    const rows = own.flatMap(({ sections }) => [...sections].filter(([title]) => title.endsWith('FLAGS')).flat(2));
    const examples = examplesIn({ name, ...help }).filter((example) => commandOf(example).startsWith(name));
    for (const example of examples)
      for (const flag of example.match(/(?<= )--[a-z-]+/g) ?? [])
        assert.ok(flag === '--help' || rows.join('\n').includes(`${flag} `), `${name}: ${flag} in ${example}`);
  }
});

/** The command of an example with its arguments. */
const commandOf = (example: string): string => example.replace(/^npm (?:run )?(?:-s )?/, '').replace(' -- ', ' ');
