import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startEndpoint, type TestEndpoint } from './test-endpoint';
import { temporaryFolder, createProject } from './test-project';
import { runKeysCommand, type KeysResult } from './run-keys-command';

const folder = temporaryFolder();
const project = createProject(folder);
const KEYSET = 'Customer_Identity_Endpoint';
const document = join(folder, 'jwks.json');

let endpoint: TestEndpoint;
before(async () => {
  endpoint = await startEndpoint();
  const file = join(
    project,
    `force-app/main/default/PublicKeyCertificateSet/${KEYSET}.PublicKeyCertificateSet-meta.xml`,
  );
  writeFileSync(file, readFileSync(file, 'utf8').replace(/https:[^<]*jwks.json/, endpoint.url));
  for (const name of ['Old_Key', 'New_Key'])
    await runKeysCommand(project, { verb: 'new', name, privateKey: join(folder, `${name}.pem`) });
  await publishKeys('Old_Key');
});
after(() => endpoint.close());

/** Publishes the document that `keys jwks` writes, as the owner of the endpoint does. */
async function publishKeys(...key: readonly string[]): Promise<void> {
  assert.equal((await runKeysCommand(project, { verb: 'jwks', name: KEYSET, key, out: document })).exit, 0);
  endpoint.serve(readFileSync(document, 'utf8'));
}

const rotate = (step: string, flags: object = {}): Promise<KeysResult> =>
  runKeysCommand(project, { verb: 'rotate', step, name: KEYSET, allowLoopback: true, ...flags });

/** Moves the times in the rotation file into the past, as if `hours` had passed. */
function ageRotation(hours: number): void {
  const file = join(project, `config/rotations/${KEYSET}.json`);
  const earlier = (moment: string): string => new Date(Date.parse(moment) - hours * 3_600_000).toISOString();
  writeFileSync(file, readFileSync(file, 'utf8').replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, earlier));
}

const publishedKeyCount = (): number => (JSON.parse(readFileSync(document, 'utf8')) as { keys: unknown[] }).keys.length;

test('rotates a key of an endpoint through its JWKS document without contacting an org and waits before each step', async () => {
  assert.equal(
    (await rotate('stage', { newKey: 'New_Key', oldKey: 'Old_Key' })).exit,
    2,
    'another team publishes the document',
  );
  assert.equal((await rotate('switch', { confirm: true })).exit, 1, 'the endpoint does not serve the new key yet');
  await publishKeys();
  assert.equal(publishedKeyCount(), 2);
  const staged = await rotate('check');
  assert.equal(staged.exit, 0, staged.shown);

  const early = await rotate('switch', { confirm: true });
  assert.equal(early.exit, 1, 'a cache may lack the new key');
  assert.match(early.shown, /Earliest time: /);
  ageRotation(72);
  assert.equal((await rotate('switch', { confirm: true })).exit, 0);

  ageRotation(72);
  assert.match((await rotate('retire')).shown, /can be valid for 60 minutes/);
  ageRotation(1);
  assert.equal((await rotate('retire')).exit, 2, 'another team publishes the document');
  await publishKeys();
  assert.equal(publishedKeyCount(), 1);
  assert.equal((await rotate('retire')).exit, 0);
  assert.equal((await rotate('delete')).exit, 0);
  assert.match((await rotate('status')).shown, /done/);
});

test('leaves an endpoint that passes check-endpoint with the new key', async () => {
  assert.equal(
    (await runKeysCommand(project, { verb: 'check-endpoint', name: KEYSET, key: ['New_Key'], allowLoopback: true }))
      .exit,
    0,
  );
});

test('reports a compromised key that the endpoint serves under another kid', async () => {
  const text = readFileSync(document, 'utf8');
  assert.equal((await rotate('retire', { oldKey: 'New_Key', compromised: true })).exit, 2, 'it is still served');
  endpoint.serve(text.replace(/"kid": "[^"]*"/, '"kid": "renamed"'));
  assert.equal((await rotate('retire')).exit, 2, 'the key pair is still served');
  const check = await runKeysCommand(project, { verb: 'check-endpoint', name: KEYSET, allowLoopback: true });
  assert.equal(check.exit, 1);
  assert.match(check.shown, /FAILED {2}no compromised key: New_Key, which the rotation of \w+ marked as compromised/);
});
