import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  commandPrefix,
  commandsIn,
  commandText,
  exampleText,
  extendCommand,
  npmRun,
  parseCommandText,
  recommendFolders,
  recommendStarter,
  type CommandStarter,
} from '../../../lib/model';
import { createProgram } from '../../../lib/cli/flags';
import { groupErrors } from '../../../lib/report';
import { wrap } from '../../../lib/report/text-layout';
import { COMMANDS } from '../../../command-list';
import { commandDefinition } from '../command-definitions';

const argument = fc.oneof(
  fc.string().filter((text) => !/[\r\n]/.test(text)),
  fc.constantFrom('.', '..', '...', 'a.'),
);

const STARTERS: readonly CommandStarter[] = ['npm run', 'npx chat-verification'];

function startedBy<T>(starter: CommandStarter, use: () => T): T {
  try {
    recommendStarter(starter);
    return use();
  } finally {
    recommendStarter('npm run');
  }
}

test('a command is read back with its arguments, and found in a sentence', () => {
  fc.assert(
    fc.property(fc.constantFrom(...STARTERS), fc.array(argument, { minLength: 1 }), (starter, args) => {
      const text = startedBy(starter, () => commandText('deploy', ...args));
      assert.deepEqual(parseCommandText(text), ['deploy', ...args]);
      assert.deepEqual(commandsIn(`Run: ${text}. Then wait.`), [text]);
    }),
  );
});

test('the bin recommends its own commands, also those that npm run wrote into a journal', () => {
  startedBy('npx chat-verification', () => {
    assert.equal(commandText('deploy', '--plan', 'my plan.json'), 'npx chat-verification deploy --plan "my plan.json"');
    assert.equal(commandPrefix('keys'), 'npx chat-verification keys');
    assert.equal(
      extendCommand('npm run deploy -- --resume', '--runs', 'a'),
      'npx chat-verification deploy --resume --runs a',
    );
    assert.equal(
      exampleText('npm run -s token -- explain < token.txt'),
      'npx chat-verification token explain < token.txt',
    );
    assert.equal(exampleText('npm start -- --full'), 'npx chat-verification start --full');
    assert.equal(exampleText('npm run plan'), 'npx chat-verification plan');
  });
  assert.equal(extendCommand('npx chat-verification deploy --resume'), 'npm run deploy -- --resume');
});

test('quotes what a shell would change, in double quotation marks if that is enough', () => {
  assert.equal(commandText('deploy', '--plan', 'my plan.json'), 'npm run deploy -- --plan "my plan.json"');
  assert.equal(commandText('deploy', '--plan', "it's $HOME"), String.raw`npm run deploy -- --plan 'it'\''s $HOME'`);
  assert.equal(commandText('plan', '--project', '.'), 'npm run plan -- --project "."');
  assert.equal(commandText('plan'), 'npm run plan');
});

test('a text that could run anything else is no command', () => {
  for (const text of ['npm run x -- ; rm -rf ~', 'npm run x -- $(id)', 'npm run x -- "$(id)"', 'npm run x && id', 'id'])
    for (const each of [text, text.replace('npm run x --', 'npx chat-verification x'), text.replace('npm run', 'npx')])
      assert.equal(parseCommandText(each), undefined, each);
});

test('a recommended command has the project and, if it reads journals, the --runs of the command that recommends it', () => {
  try {
    recommendFolders({ project: '/srv/my project', runs: 'a' });
    assert.equal(npmRun('plan', '--org', 'uat'), 'npm run plan -- --org uat --project "/srv/my project"');
    assert.equal(extendCommand('npm run runs'), 'npm run runs -- --runs a --project "/srv/my project"');
    assert.equal(extendCommand('deploy again'), 'deploy again');
  } finally {
    recommendFolders({});
  }
});

test('every command with --runs gets the folder of runs, and no other command', () => {
  const takesRuns = (name: string): boolean => {
    const definition = commandDefinition(name) ?? assert.fail(name);
    const program = createProgram(name, definition);
    return (definition.flags?.(program) ?? program).options.some(({ long }) => long === '--runs');
  };
  const names = Object.values(COMMANDS)
    .flat()
    .filter((name) => commandDefinition(name));
  assert.ok(names.length > 15);
  try {
    for (const name of names) {
      const expected = takesRuns(name);
      recommendFolders({ runs: 'a' });
      assert.equal(npmRun(name).endsWith(' --runs a'), expected, name);
    }
  } finally {
    recommendFolders({});
  }
});

test('a command is not wrapped, so that it can be copied', () => {
  const command = npmRun('deploy', '--resume', '2026-11-27T10-25-16-172Z-cfbade', '--plan', 'a b.json');
  const lines = wrap({ columns: 40, color: false }, '  ', `Resolve the failure, then run: ${command}.`).split('\n');
  assert.ok(lines.includes(`  ${command}.`), lines.join('\n'));
});

test('the error of several orgs has a command for all of them, or names the others', () => {
  const fixOf = (...args: readonly string[]): string | undefined => {
    const errors = ['dev', 'uat'].map((alias) => ({
      alias,
      error: { code: 'x', what: 'No.', why: 'No.', fix: `Run: ${npmRun(...(args as [string]), '--org', alias)}` },
    }));
    return groupErrors(errors)[0]?.fix;
  };
  assert.equal(fixOf('deploy'), 'Run: npm run deploy -- --org dev --org uat');
  assert.equal(
    startedBy('npx chat-verification', () => fixOf('deploy')),
    'Run: npx chat-verification deploy --org dev --org uat',
  );
  assert.equal(fixOf('post-refresh'), 'Run: npm run post-refresh -- --org dev. Do the same for uat.');
});
