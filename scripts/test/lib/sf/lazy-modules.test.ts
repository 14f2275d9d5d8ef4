import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire, findPackageJSON } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { importModule } from './import-module';

type LazyModules = typeof import('../../../lib/sf/lazy-modules.mts');

const folder = mkdtempSync(join(tmpdir(), 'lazy-modules-'));
const packageFolder = join(folder, 'node_modules/lazy');
const write = (name: string, text: string): void => writeFileSync(join(packageFolder, name), text);
const cliRequire = createRequire(join(folder, 'cli.js'));

/** Which modules were loaded, in order. */
const loaded: string[] = [];
Object.assign(globalThis, { loadedModules: loaded });

let lazy: LazyModules;
before(async () => {
  lazy = await importModule<LazyModules>(join(__dirname, '../../../lib/sf/lazy-modules.mts'));
  mkdirSync(packageFolder, { recursive: true });
  write('index.js', '');
  write(
    'compiled.js',
    `loadedModules.push('compiled');
     Object.defineProperty(exports, '__esModule', { value: true });
     exports.add = (one, other) => one + other;
     exports.schema = { parse: (text) => JSON.parse(text) };
     exports.default = class { constructor(name) { this.name = name; } };`,
  );
  write(
    'plain.js',
    `loadedModules.push('plain'); module.exports = function (text) { this && (this.text = text); return text; };
     module.exports.version = '1';`,
  );
  lazy.loadLazily(cliRequire, [
    { from: 'lazy', request: './compiled.js', esModule: true },
    { from: 'lazy', request: './plain.js', esModule: false },
    { from: 'lazy', request: './missing.js', esModule: false },
    { from: 'absent', request: './missing.js', esModule: false },
  ]);
});
after(() => rmSync(folder, { recursive: true }));

interface Compiled {
  readonly __esModule?: boolean;
  add: (one: number, other: number) => number;
  readonly schema: { parse(text: string): unknown };
  readonly default: new (name: string) => { readonly name: string };
}
type Plain = ((text: string) => string) & { readonly __esModule?: boolean; version: string };

test('a compiled ES module is loaded when one of its exports is used, not when they are read', async () => {
  const compiled = cliRequire('lazy/compiled.js') as Compiled;
  const { add, schema, default: Named } = compiled;
  assert.equal(compiled.__esModule, true);
  assert.equal(new Date() instanceof Named, false);
  assert.deepEqual(loaded, []);
  assert.deepEqual(schema.parse('[1]'), [1]);
  assert.deepEqual(loaded, ['compiled']);
  assert.equal(add(1, 2), 3);
  const named = new Named('x');
  assert.deepEqual([named.name, named instanceof Named], ['x', true]);
  assert.deepEqual(Object.keys(compiled), ['add', 'schema', 'default']);
  assert.equal('add' in compiled, true);
  compiled.add = () => 0;
  assert.equal((cliRequire('lazy/compiled.js') as Compiled).add(1, 2), 0);
  assert.deepEqual(loaded, ['compiled']);
});

test('a module that is a function is loaded when it is called', () => {
  loaded.length = 0;
  const plain = cliRequire('lazy/plain.js') as Plain;
  assert.equal(plain.__esModule, undefined);
  assert.deepEqual(loaded, []);
  assert.equal(plain('a'), 'a');
  assert.equal(plain.version, '1');
  assert.deepEqual(loaded, ['plain']);
});

test('a missing module stays missing', () => {
  assert.throws(() => cliRequire('lazy/missing.js') as unknown, /Cannot find module/);
});

test('the pinned CLI has each module that is loaded lazily, and in that form', () => {
  const manifest = findPackageJSON('@salesforce/cli', __filename) ?? assert.fail('the CLI is not installed');
  for (const each of lazy.RARELY_USED) {
    const file = lazy.findModule(createRequire(manifest), each) ?? assert.fail(`${each.from} has no ${each.request}`);
    assert.equal(readFileSync(file, 'utf8').includes('exports, "__esModule"'), each.esModule, file);
  }
});
