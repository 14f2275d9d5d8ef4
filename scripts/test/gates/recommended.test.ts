/** Checks every command that a text of the product recommends. examples.test.ts runs the examples of --help. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { asToolError } from '../../lib/errors';
import { parseArguments } from '../lib/command-definitions';
import { PROJECT } from './list-files';
import { formatProblems, type Problem } from './problem';
import { commandSites, handwrittenCommands, type CommandSite } from './recommended';
import { parseSources, readSources } from './sources';

const SOURCES = readSources(join(PROJECT, 'scripts'));
const SITES = commandSites(SOURCES);

/** Words in capitals stand for a value that only the reader knows. Those that a parser checks have a sample here. */
const PLACEHOLDERS: Readonly<Record<string, string>> = { TIME: '2026-11-22T12:00:00Z' };
const fillIn = (args: readonly string[]): readonly string[] => args.map((arg) => PLACEHOLDERS[arg] ?? arg);

/** Texts with commands that aren't recommended to anybody. */
const EXEMPT: Readonly<Record<string, string>> = {
  'chat-verification.ts': 'names the program that starts its commands',
  'start/tour.ts': 'titles of commands that the tour runs itself',
};

/**
 * Sites whose arguments the source alone doesn't show, and the test that runs the command exactly as it is printed. A new one needs
 * such a test.
 */
const RUN_BY: Readonly<Record<string, string>> = {
  'lib/cli/main.ts': 'test/lib/cli/main.test.ts',
  'lib/commands/config.ts': 'test/lib/commands/config.test.ts',
  'lib/commands/plan.ts': 'test/lib/commands/recommended-commands.test.ts',
  'lib/commands/rollback.ts': 'test/lib/commands/recommended-commands.test.ts',
  'lib/explain/chain-step.ts': 'called as deployFix, which this gate reads',
  'lib/keys/org-backend.ts': 'test/lib/commands/recommended-commands.test.ts',
  'lib/keys/rotate-result.ts': 'test/lib/commands/recommended-commands.test.ts',
  'lib/commands/post-refresh/run.ts': 'test/lib/commands/recommended-commands.test.ts',
  'lib/rollout/execute.ts': 'test/lib/commands/recommended-commands.test.ts',
  'lib/rollout/incomplete-runs.ts': 'test/lib/commands/recommended-commands.test.ts',
  'lib/rollout/saved-plan.ts': 'test/lib/commands/recommended-commands.test.ts',
  'lib/rollout/run-flags.ts': 'test/lib/commands/recommended-commands.test.ts',
};

function problemOf({ file, line, builder, args }: CommandSite): Problem[] {
  const problem = builder === 'sfCommand' ? sfProblem(args) : npmProblem(builder, args);
  return problem === undefined ? [] : [{ file, line, message: `${args.join(' ')}: ${problem}` }];
}

function npmProblem(builder: string, args: readonly string[]): string | undefined {
  const [name = '', ...flags] = builder === 'deployFix' ? ['deploy', '--org', ...args] : args;
  // Only the bin has this command, and only the bin recommends it.
  if (name === 'help') return undefined;
  try {
    parseArguments(name, fillIn(flags));
    return undefined;
  } catch (thrown) {
    return asToolError(thrown).why;
  }
}

/** The flags of each command of the Salesforce CLI by its ID. */
const SF_COMMANDS = new Map(
  readdirSync(join(PROJECT, 'node_modules/@salesforce'))
    .filter((name) => name.startsWith('plugin-'))
    .flatMap((name) => {
      const file = join(PROJECT, 'node_modules/@salesforce', name, 'oclif.manifest.json');
      const { commands } = JSON.parse(readFileSync(file, 'utf8')) as {
        readonly commands: Readonly<Record<string, { readonly flags: object }>>;
      };
      return Object.entries(commands).map(([id, { flags }]) => [id, Object.keys(flags)] as const);
    }),
);

function sfProblem(args: readonly string[]): string | undefined {
  const first = args.findIndex((arg) => arg.startsWith('--'));
  const id = args.slice(0, first < 0 ? 3 : first);
  const names = SF_COMMANDS.get(id.join(':')) ?? SF_COMMANDS.get(id.slice(0, -1).join(':'));
  if (!names) return 'the CLI has no such command';
  const unknown = args.filter((arg) => arg.startsWith('--')).find((flag) => !names.includes(flag.slice(2)));
  return unknown && `the command has no flag ${unknown}`;
}

test('the parser of each command accepts the commands that texts recommend', () => {
  assert.ok(SITES.length > 100, 'the sites are found');
  assert.equal(formatProblems(SITES.filter(({ dynamic }) => !dynamic).flatMap(problemOf)), '');
});

test('a command whose arguments depend on the flags of the user has a test that runs it', () => {
  const uncovered = SITES.filter(({ dynamic, file }) => dynamic && RUN_BY[file] === undefined);
  const problems = uncovered.map(({ file, line }) => ({ file, line, message: 'is run by no test of RUN_BY' }));
  assert.equal(formatProblems(problems), '');
  const dynamic = new Set(SITES.filter((site) => site.dynamic).map(({ file }) => file));
  assert.deepEqual(
    Object.keys(RUN_BY).filter((file) => !dynamic.has(file)),
    [],
  );
});

test('no text contains a command that no builder wrote', () => {
  assert.equal(formatProblems(handwrittenCommands(SOURCES, EXEMPT)), '');
});

test('finds a wrong flag, a missing argument, a handwritten command, and a command that depends on flags', () => {
  const wrong = parseSources(
    new Map([
      [
        'lib/a.ts',
        "const fix = [npmRun('deploy', '--nope'), npmRun('keys', 'new'), npmRun('plan', ...flags), 'Run npm run plan.'];",
      ],
      [
        'lib/b.ts',
        "const x = { examples: [['Explain:', 'npm run plan']], fix: sfCommand('org', 'login', 'web', '--as', name) };",
      ],
    ]),
  );
  const sites = commandSites(wrong);
  assert.deepEqual(
    sites.map((site) => [site.dynamic, problemOf(site).length]),
    [
      [false, 1],
      [false, 1],
      [true, 0],
      [false, 1],
    ],
  );
  assert.equal(handwrittenCommands(wrong, {}).length, 1);
});
