import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import vm from 'node:vm';
import { gzipSync } from 'node:zlib';
import { format, resolveConfig } from 'prettier';
import { BUILDS, buildClient } from '../../web-client/build';

const PROJECT = join(__dirname, '../../..');
const DEFAULT = join(PROJECT, 'member-site/main/default');
const committed = (file: string): string => readFileSync(join(DEFAULT, 'staticresources', file), 'utf8');

for (const [file, build] of Object.entries(BUILDS)) {
  test(`the committed ${file} matches its source`, async () => {
    const filepath = join(DEFAULT, 'staticresources', file);
    const generated = await format(buildClient(build), { ...(await resolveConfig(filepath)), filepath });
    assert.equal(committed(file), generated, 'run `npm run generate`');
  });

  test(`${file} is smaller than 3,200 bytes when compressed`, () => {
    assert.ok(gzipSync(committed(file)).length < 3200, `${gzipSync(committed(file)).length} bytes`);
  });

  test(`${file} has no imports`, () => assert.doesNotMatch(committed(file), /\b(import|require)\b[^.]*['"(]/));
}

test('the classic script defines one global variable', () => {
  const window: Record<string, unknown> = {};
  vm.runInNewContext(committed('customerIdentity.js'), { window, document: {} });
  assert.deepEqual(Object.keys(window), ['customerIdentity']);
  assert.deepEqual(Object.keys(window['customerIdentity'] as object), ['connectIdentity', 'connectComponent']);
});

test('the module exports connectIdentity with its types', () => {
  const text = committed('customerIdentityModule.js');
  assert.match(text, /^export \{ connectIdentity \};$/m);
  assert.match(text, /@returns \{Identity\}\n \*\/\nfunction connectIdentity/);
});

test('the web client and the Lightning component use the same event names', () => {
  const names = (text: string): readonly string[] => [...new Set(text.match(/customeridentity[a-z]+/g))].sort();
  const events = readFileSync(join(DEFAULT, 'lwc/customerIdentity/events.js'), 'utf8');
  assert.deepEqual(names(committed('customerIdentity.js')), names(events));
});
