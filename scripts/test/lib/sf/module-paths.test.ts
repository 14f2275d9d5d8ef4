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
let useKnownPaths: ModulePaths['useKnownPaths'];
before(async () => {
  [packages, cache].forEach((path) => mkdirSync(path));
  writeFileSync(join(packages, '.package-lock.json'), '{}');
  process.env['NODE_COMPILE_CACHE'] = cache;
  const file = join(__dirname, '../../../lib/sf/module-paths.mts');
  ({ useKnownPaths } = await importModule<ModulePaths>(file));
});
after(() => {
  if (NODE_COMPILE_CACHE === undefined) delete process.env['NODE_COMPILE_CACHE'];
  else process.env['NODE_COMPILE_CACHE'] = NODE_COMPILE_CACHE;
  rmSync(folder, { recursive: true });
});

/** Looks for a module as another process does: it knows no path of this test. Returns the path that it finds. */
function find(found: string): string {
  delete known['of the test'];
  const paths = useKnownPaths(packages);
  known['of the test'] ??= found;
  paths.save();
  return known['of the test'];
}

test('remembers the paths until npm changes a package', () => {
  assert.equal(find('/first.js'), '/first.js');
  assert.equal(find('/second.js'), '/first.js');
  writeFileSync(join(packages, '.package-lock.json'), '{ }');
  assert.equal(find('/second.js'), '/second.js');
  assert.equal(readdirSync(cache).length, 2);
});

test('forgets the paths when asked, and ignores a damaged file', () => {
  writeFileSync(join(packages, '.package-lock.json'), '{  }');
  find('/first.js');
  useKnownPaths(packages).forget();
  assert.equal(find('/second.js'), '/second.js');
  for (const name of readdirSync(cache)) writeFileSync(join(cache, name), readFileSync(join(cache, name)).subarray(1));
  assert.equal(find('/third.js'), '/third.js');
});

test('remembers nothing without the file of npm', () => {
  rmSync(join(packages, '.package-lock.json'));
  const count = readdirSync(cache).length;
  assert.deepEqual([find('/a.js'), find('/b.js'), readdirSync(cache).length], ['/a.js', '/b.js', count]);
});

test('looks for no module in the home folder, which is different for each login store', () => {
  const { HOME } = process.env;
  find('/a.js');
  const folders = Module.createRequire(__filename).resolve.paths('package') ?? [];
  assert.ok(HOME !== undefined && folders.length > 2 && process.env['HOME'] === HOME);
  assert.deepEqual(
    folders.filter((path) => path.startsWith(join(HOME, '.node'))),
    [],
  );
});
