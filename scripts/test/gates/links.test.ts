/** Checks that the Markdown files of the project name files, npm scripts and flags that exist. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, posix, relative, sep } from 'node:path';
import { test } from 'node:test';
import type { Command } from 'commander';
import type { CommandDef } from '../../lib/cli';
import { addGlobalFlags, createProgram } from '../../lib/cli/flags';
import { listFiles, PROJECT } from './list-files';
import { commandProblems, linkProblems, type CommandUsage, type LinkTargets, type NpmScripts } from './markdown';
import { formatProblems } from './problem';

const FOLDERS = ['scripts', 'config', 'force-app', 'member-site', '.github'];

/** Every file that Git could contain and its folders. Only Markdown files have a text, because only they have headings. */
function projectFiles(): LinkTargets {
  const root = readdirSync(PROJECT, { withFileTypes: true }).filter((entry) => entry.isFile());
  const nested = FOLDERS.filter((folder) => existsSync(join(PROJECT, folder))).flatMap((folder) =>
    listFiles(join(PROJECT, folder), '').map((path) => relative(PROJECT, path).split(sep).join('/')),
  );
  const files = [...root.map(({ name }) => name), ...nested];
  const textOf = (path: string): string => (path.endsWith('.md') ? readFileSync(join(PROJECT, path), 'utf8') : '');
  return new Map([...files.flatMap(foldersOf), ...files].map((path) => [path, textOf(path)]));
}

const foldersOf = (path: string): readonly string[] => {
  const folder = posix.dirname(path);
  return folder === '.' ? [] : [folder, ...foldersOf(folder)];
};

/** The npm scripts, with what each command of this project accepts. */
function npmScripts(): NpmScripts {
  const { scripts } = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8')) as {
    readonly scripts: Readonly<Record<string, string>>;
  };
  return new Map(Object.entries(scripts).map(([name, line]) => [name, usageOf(/scripts\/[\w-]+\.ts/.exec(line)?.[0])]));
}

/** Reads the flags from the command definition that a file exports. A file without one takes no flags. */
function usageOf(path: string | undefined): CommandUsage | undefined {
  if (path === undefined) return undefined;
  const file = join(PROJECT, path);
  if (!/^main\(\w+, module\);$/m.test(readFileSync(file, 'utf8'))) return undefined;
  const command = Object.values(createRequire(__filename)(file) as object).find(isCommandDef);
  assert.ok(command, `${path} exports no command`);
  const program = createProgram(command.name, command);
  return programUsage(addGlobalFlags(command.flags?.(program) ?? program));
}

const isCommandDef = (value: unknown): value is CommandDef =>
  typeof value === 'object' && value !== null && 'summary' in value && 'run' in value;

function programUsage(program: Command): CommandUsage {
  const common = flagsOf(program);
  return {
    flags: new Set(common),
    subcommands: new Map(program.commands.map((each) => [each.name(), new Set([...common, ...flagsOf(each)])])),
  };
}

const flagsOf = ({ options }: Command): readonly string[] => [
  '--help',
  ...options.flatMap(({ long, short }) => [long, short].filter((flag) => flag !== undefined && flag !== null)),
];

const targets = projectFiles();
const scripts = npmScripts();
const documents = [...targets].filter(([path]) => path.endsWith('.md') && !path.includes('/test/'));

test('finds a file and heading for every relative link in a Markdown file', () => {
  assert.ok(documents.length > 10, 'the Markdown files are found');
  assert.equal(formatProblems(documents.flatMap(([file, text]) => linkProblems(file, text, targets))), '');
});

test('finds the command and flags of every command line in a Markdown file', () => {
  assert.equal(formatProblems(documents.flatMap(([file, text]) => commandProblems(file, text, scripts))), '');
});

test('reads subcommands and flags from the command definitions', () => {
  assert.ok(scripts.get('deploy')?.flags.has('--resume'));
  assert.ok(scripts.get('keys')?.subcommands.get('rotate')?.has('--new-key'));
  assert.equal(scripts.get('keys')?.subcommands.get('list')?.has('--new-key'), false);
  assert.equal(scripts.get('lint'), undefined);
});

const sample: LinkTargets = new Map([
  ['docs/one.md', ''],
  ['docs', ''],
  ['two.md', '# Set up *the* org: part 1\n\n```\n# Not a heading\n```\n'],
]);
const linkMessages = (markdown: string): readonly string[] =>
  linkProblems('docs/one.md', markdown, sample).map(({ line, message }) => `${line} ${message}`);

test('accepts links to files, folders, headings and other sites', () => {
  const links = ['../two.md', '../two.md#set-up-the-org-part-1', '#own', './', 'https://example.com/x', 'mailto:a@b.c'];
  assert.deepEqual(linkMessages(`# Own\n${links.map((link) => `[x](${link})`).join(' ')}`), []);
});

test('rejects links to missing files and headings, and ignores code', () => {
  assert.deepEqual(
    linkMessages('[x](two.md)\n`[x](no.md)`\n```\n[x](no.md)\n```\n[x](../two.md#not-a-heading) [y](#z)'),
    [
      "1 two.md: docs/two.md doesn't exist.",
      '6 ../two.md#not-a-heading: two.md has no heading #not-a-heading.',
      '6 #z: docs/one.md has no heading #z.',
    ],
  );
});

const sampleScripts: NpmScripts = new Map([
  ['lint', undefined],
  ['deploy', { flags: new Set(['--org', '--resume']), subcommands: new Map() }],
  ['keys', { flags: new Set(['--org']), subcommands: new Map([['list', new Set(['--org', '--within'])]]) }],
]);
const commandMessages = (markdown: string): readonly string[] =>
  commandProblems('a.md', markdown, sampleScripts).map(({ line, message }) => `${line} ${message}`);

test('accepts commands with known flags, placeholders, quotes, comments and shell operators', () => {
  const commands = [
    'npm run deploy -- --org uat --resume=x',
    'npm run -s deploy -- --org uat > out.json',
    "npm run deploy -- --org '--no-flag' | jq --raw",
    'npm run keys -- list --within 30  # --no-flag',
    'npm run keys -- <subcommand> --org uat',
    'npm run keys -- --org uat',
    'npm run lint',
    '--within 30',
  ];
  assert.deepEqual(commandMessages(commands.map((each) => `\`${each}\``).join('\n')), []);
  assert.deepEqual(commandMessages(`    ${commands.join('\n    ')}`), []);
});

test('rejects an unknown script, subcommand or flag, and a flag without -- before it', () => {
  const markdown = [
    'Run `npm run deplo`, or `npm run deploy -- --ogr x --org y`.',
    '```',
    '$ npm run keys -- lst --within 30',
    'npm run keys -- list --resume',
    'npm run deploy --resume',
    '```',
    'Add `--no-such-flag`.',
  ];
  assert.deepEqual(commandMessages(markdown.join('\n')), [
    '1 npm run deplo: package.json has no script "deplo".',
    '1 npm run deploy: it has no flag --ogr.',
    '3 npm run keys: "lst" is not a subcommand.',
    '4 npm run keys -- list: it has no flag --resume.',
    '5 npm run deploy: write "--" before --resume.',
    '7 --no-such-flag: no command has this flag.',
  ]);
});
