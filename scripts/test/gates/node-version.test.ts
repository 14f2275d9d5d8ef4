/**
 * Tests the code that runs before TypeScript is loaded: the version check, and the setting that disables the compile
 * cache.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import ts from 'typescript';
import { PROJECT } from './list-files';

type Install = 'none' | 'package' | 'complete';

const { nodeVersionError } = createRequire(__filename)(join(PROJECT, '.config/node-version.cjs')) as {
  readonly nodeVersionError: (
    version: string,
    install: Install,
    startedByNpm: boolean,
    isDependency?: boolean,
  ) => string | undefined;
};

const HOOK = join(PROJECT, '.config/ts-node.cjs');

/** Paths where package managers and installers put Node.js. */
const SYSTEM_NODES = ['/usr/local/bin/node', '/usr/bin/node'];

const versionOf = (program: string): string =>
  spawnSync(program, ['-p', 'process.versions.node'], { encoding: 'utf8' }).stdout.trim();

/** An unsupported Node.js version on this machine. */
const unsupportedNode = SYSTEM_NODES.filter(existsSync).find(
  (program) => nodeVersionError(versionOf(program), 'complete', true) !== undefined,
);

const run = (program: string, argv: readonly string[], env: NodeJS.ProcessEnv = {}) =>
  spawnSync(program, argv, {
    cwd: PROJECT,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
    encoding: 'utf8',
  });

function emptyFolder(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'empty-'));
  context.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

test('accepts every version that runs TypeScript without a flag', () => {
  for (const version of ['22.18.0', '22.21.1', '23.6.0', '24.0.0', '24.21.0', '100.0.0', '25.0.0-nightly'])
    assert.equal(nodeVersionError(version, 'complete', true), undefined, version);
});

test('rejects every older version with the fix for the installed versions', () => {
  for (const version of ['12.22.12', '14.21.3', '18.20.8', '20.20.2', '21.7.3', '22.17.1', '23.5.0'])
    assert.match(
      nodeVersionError(version, 'complete', true) ?? '',
      /^Error \(unsupported-node\): Node\.js \d/,
      version,
    );
  const fix = (install: Install, startedByNpm: boolean, isDependency = false): string | undefined =>
    / {2}Fix: (.*)\n$/.exec(nodeVersionError('20.20.2', install, startedByNpm, isDependency) ?? '')?.[1];
  assert.equal(fix('none', true), 'npm ci');
  assert.equal(fix('package', true), 'npm rebuild node --ignore-scripts=false');
  assert.equal(fix('complete', true), 'npm ci');
  assert.equal(fix('complete', false), 'Start the command with npm, for example: npm run check');
  // In another project, npm 12 rebuilds nothing that this project doesn't allow.
  assert.match(fix('package', true, true) ?? '', /^Use a newer Node\.js, or run "npm install-scripts approve node"/);
  assert.equal(fix('complete', false, true), 'Start the command with npm, for example: npx chat-verification check');
});

test('loads the files before the version check in Node.js 12', () => {
  for (const name of ['node-version.cjs', 'ts-node.cjs', 'precompile.cjs']) {
    const code = readFileSync(join(PROJECT, '.config', name), 'utf8');
    const { outputText } = ts.transpileModule(code, { compilerOptions: { target: ts.ScriptTarget.ES2019 } });
    const same = ts.transpileModule(code, { compilerOptions: { target: ts.ScriptTarget.ESNext } });
    assert.equal(outputText, same.outputText, name);
  }
});

test('exits a command with code 3 and one error for an unsupported version', (context) => {
  if (!unsupportedNode) return context.skip('This machine has no unsupported Node.js version.');
  const { status, stdout, stderr } = run(unsupportedNode, ['-r', HOOK, 'scripts/check.ts']);
  assert.deepEqual([status, stdout], [3, '']);
  assert.match(
    stderr,
    /^Error \(unsupported-node\): Node\.js .*\n {2}Why: .*\n {2}Fix: Start the command with npm.*\n$/,
  );
});

/** Compile cache folders that a program creates in an empty temporary folder. */
function compileCaches(folder: string, argv: readonly string[]): string[] {
  const { status, stderr } = run(process.execPath, argv, { TMPDIR: folder, TEMP: folder, TMP: folder });
  assert.equal(status, 0, stderr);
  return readdirSync(folder).filter((name) => name.startsWith('v8-compile-cache'));
}

test('creates no compile cache of ts-node in the temporary folder', (context) => {
  const script = join(emptyFolder(context), 'not-compiled-before.ts');
  writeFileSync(script, 'const text: string = "TypeScript";');
  assert.deepEqual(compileCaches(emptyFolder(context), ['-r', HOOK, script]), []);
});

test('loads no compiler if all files were compiled before', (context) => {
  const script = join(emptyFolder(context), 'script.ts');
  writeFileSync(script, "console.log(Object.keys(require.cache).some((file) => file.endsWith('typescript.js')));");
  const loadsCompiler = (): string => {
    const { stdout, stderr } = run(process.execPath, ['-r', HOOK, script]);
    assert.equal(stderr, '');
    return stdout;
  };
  assert.deepEqual([loadsCompiler(), loadsCompiler()], ['true\n', 'false\n']);
});

test('keeps one compiled text of each file, whatever its earlier texts', (context) => {
  const root = emptyFolder(context);
  for (const name of ['.config/node-version.cjs', '.config/ts-node.cjs', 'tsconfig.json'])
    cpSync(join(PROJECT, name), join(root, name));
  mkdirSync(join(root, 'node_modules'));
  for (const name of ['ts-node', 'typescript'])
    symlinkSync(join(PROJECT, 'node_modules', name), join(root, 'node_modules', name));
  const script = join(root, 'script.ts');
  for (const text of ['first', 'second', 'third', 'second']) {
    writeFileSync(script, `const text: string = '${text}'; console.log(text);`);
    const { stdout, stderr } = run(process.execPath, ['-r', join(root, '.config/ts-node.cjs'), script]);
    assert.deepEqual([stdout, stderr], [`${text}\n`, '']);
  }
  assert.equal(readdirSync(join(root, 'node_modules/.cache/ts-node')).length, 1);
});

test('maps stack traces to the lines of TypeScript, compiled in this run or before', (context) => {
  const script = join(emptyFolder(context), 'script.ts');
  writeFileSync(script, 'interface Removed {\n  name: string;\n}\nconsole.log(new Error().stack);');
  for (const compiled of ['in this run', 'before'])
    assert.match(run(process.execPath, ['-r', HOOK, script]).stdout, /script\.ts:4:13\)/, compiled);
});

test('finds the compile cache that ts-node creates by default', (context) => {
  const register = "require('ts-node').register({ transpileOnly: true })";
  assert.equal(compileCaches(emptyFolder(context), ['-e', register]).length, 1);
});
