/** Tests the script that npm runs after an install: the first run of a command then loads no compiler. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { PROJECT } from './list-files';

const { scripts, files } = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>;
  readonly files: readonly string[];
};

const SOURCES: Readonly<Record<string, string>> = {
  'scripts/first.ts': `import { text } from './lib/deep/part';
const isCompiler = (file: string): boolean => file.endsWith('typescript.js');
console.log(text, Object.keys(require.cache).some(isCompiler));`,
  'scripts/lib/deep/part.ts': "export const text: string = 'loads the compiler:';",
  'scripts/lib/broken.ts': 'const = ;',
  'scripts/test/part.test.ts': 'export const isTest: boolean = true;',
};

/** A project that was installed and in which no command was run: its own files, the hooks of this project, and the packages. */
function newInstall(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'precompile-'));
  context.after(() => rmSync(folder, { recursive: true }));
  for (const name of ['.config', 'tsconfig.json']) cpSync(join(PROJECT, name), join(folder, name), { recursive: true });
  for (const [file, text] of Object.entries(SOURCES)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  mkdirSync(join(folder, 'node_modules'));
  for (const name of ['ts-node', 'typescript', '@cspotcode'])
    symlinkSync(join(PROJECT, 'node_modules', name), join(folder, 'node_modules', name), 'junction');
  return folder;
}

const run = (folder: string, argv: readonly string[]) =>
  spawnSync(process.execPath, argv, { cwd: folder, encoding: 'utf8' });

const runFirst = (folder: string): string => run(folder, ['-r', './.config/ts-node.cjs', 'scripts/first.ts']).stdout;

/** Runs the script of npm, as another version of Node.js if there is one. */
function prepare(folder: string, version = process.versions.node): ReturnType<typeof run> {
  const setVersion = `Object.defineProperty(process.versions, 'node', { value: '${version}' })`;
  writeFileSync(join(folder, 'version.cjs'), setVersion);
  const [program, ...argv] = (scripts['prepare'] ?? '').split(' ');
  assert.equal(program, 'node');
  return run(folder, ['-r', './version.cjs', ...argv]);
}

const compiledFiles = (folder: string): readonly string[] => readdirSync(join(folder, 'node_modules/.cache/ts-node'));

test('the first run after an install loads no compiler, and without the script it does', (context) => {
  const [prepared, unprepared] = [newInstall(context), newInstall(context)];
  const { status, stdout, stderr } = prepare(prepared);
  assert.deepEqual([status, stdout, stderr], [0, '', '']);
  assert.equal(runFirst(prepared), 'loads the compiler: false\n');
  assert.equal(runFirst(unprepared), 'loads the compiler: true\n');
});

test('compiles the commands without their tests, and a file with an error stops nothing', (context) => {
  const folder = newInstall(context);
  prepare(folder);
  const texts = compiledFiles(folder).map((name) =>
    readFileSync(join(folder, 'node_modules/.cache/ts-node', name), 'utf8'),
  );
  assert.equal(texts.length, 2);
  assert.equal(
    texts.some((text) => text.includes('isTest')),
    false,
  );
});

test('an install with an unsupported Node.js version succeeds and compiles nothing', (context) => {
  const folder = newInstall(context);
  const { status, stdout, stderr } = prepare(folder, '20.20.2');
  assert.deepEqual([status, stdout, stderr], [0, '', '']);
  assert.equal(runFirst(folder), 'loads the compiler: true\n');
});

test('a package contains each file that the script needs', () =>
  assert.ok(['precompile', 'node-version', 'ts-node'].every((name) => files.includes(`.config/${name}.cjs`))));
