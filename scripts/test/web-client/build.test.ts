import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import vm from 'node:vm';
import { gzipSync } from 'node:zlib';
import { format, resolveConfig } from 'prettier';
import { BUILDS, built } from '../../web-client/build';

const PROJECT = join(__dirname, '../../..');
const DEFAULT = join(PROJECT, 'force-app/main/default');
const committed = (file: string): string => readFileSync(join(DEFAULT, 'staticresources', file), 'utf8');

for (const [file, build] of Object.entries(BUILDS)) {
  test(`the committed ${file} is what its source makes`, async () => {
    const filepath = join(DEFAULT, 'staticresources', file);
    const fresh = await format(built(build), { ...(await resolveConfig(filepath)), filepath });
    assert.equal(committed(file), fresh, 'run `npm run generate`');
  });

  test(`${file} is smaller than 3 kB when it is compressed`, () => {
    assert.ok(gzipSync(committed(file)).length < 3000, `${gzipSync(committed(file)).length} bytes`);
  });

  test(`${file} imports nothing`, () => assert.doesNotMatch(committed(file), /\b(import|require)\b[^.]*['"(]/));
}

test('the classic script leaves one name behind', () => {
  const window: Record<string, unknown> = {};
  vm.runInNewContext(committed('customerIdentity.js'), { window, document: {} });
  assert.deepEqual(Object.keys(window), ['customerIdentity']);
  assert.deepEqual(Object.keys(window['customerIdentity'] as object), ['connectIdentity', 'connectComponent']);
});

test('the module exports what pages call, with its types', () => {
  const text = committed('customerIdentityModule.js');
  assert.match(text, /^export \{ connectIdentity \};$/m);
  assert.match(text, /@returns \{Identity\}\n \*\/\nfunction connectIdentity/);
});

test('client and Lightning component call their events by the same names', () => {
  const names = (text: string): readonly string[] => [...new Set(text.match(/customeridentity[a-z]+/g))].sort();
  const contract = readFileSync(join(DEFAULT, 'lwc/customerIdentity/contract.js'), 'utf8');
  assert.deepEqual(names(committed('customerIdentity.js')), names(contract));
});
