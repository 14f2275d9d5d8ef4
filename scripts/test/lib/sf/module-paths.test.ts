import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import Module from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { importModule } from './import-module';

type ModulePaths = typeof import('../../../lib/sf/module-paths.mts');

const known = (Module as unknown as { readonly _pathCache: Record<string, string> })._pathCache;
const folder = mkdtempSync(join(tmpdir(), 'module-paths-'));
const [packages, cache] = [join(folder, 'node_modules'), join(folder, 'cache')];
const { NODE_COMPILE_CACHE } = process.env;
let withKnownPaths: ModulePaths['withKnownPaths'];
before(async () => {
  [packages, cache].forEach((path) => mkdirSync(path));
  writeFileSync(join(packages, '.package-lock.json'), '{}');
  process.env['NODE_COMPILE_CACHE'] = cache;
  const file = join(__dirname, '../../../lib/sf/module-paths.mts');
  ({ withKnownPaths } = await importModule<ModulePaths>(file));
});
after(() => {
  if (NODE_COMPILE_CACHE === undefined) delete process.env['NODE_COMPILE_CACHE'];
  else process.env['NODE_COMPILE_CACHE'] = NODE_COMPILE_CACHE;
  rmSync(folder, { recursive: true });
});

/** Loads a module as another process does: it knows no path of this test. Returns the path that it finds. */
const load = (found: string): Promise<string | undefined> => {
  delete known['of the test'];
  return withKnownPaths(packages, () => Promise.resolve((known['of the test'] ??= found)));
};

test('remembers the paths until npm changes a package', async () => {
  assert.equal(await load('/first.js'), '/first.js');
  assert.equal(await load('/second.js'), '/first.js');
  writeFileSync(join(packages, '.package-lock.json'), '{ }');
  assert.equal(await load('/second.js'), '/second.js');
  assert.equal(readdirSync(cache).length, 2);
});

test('forgets the paths if the modules cannot be loaded, and ignores a damaged file', async () => {
  writeFileSync(join(packages, '.package-lock.json'), '{  }');
  await load('/first.js');
  const failed = withKnownPaths(packages, () => Promise.reject(new Error('Cannot find module')));
  await assert.rejects(failed, /Cannot find module/);
  assert.equal(await load('/second.js'), '/second.js');
  for (const name of readdirSync(cache)) writeFileSync(join(cache, name), readFileSync(join(cache, name)).subarray(1));
  assert.equal(await load('/third.js'), '/third.js');
});

test('remembers nothing without the file of npm or a cache', async () => {
  rmSync(join(packages, '.package-lock.json'));
  const count = readdirSync(cache).length;
  assert.deepEqual([await load('/a.js'), await load('/b.js'), readdirSync(cache).length], ['/a.js', '/b.js', count]);
});
