import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { DAY_MS, publicJwk, keyPair } from '../lib/jwk/test-keys';
import { withLock } from '../../lib/org';
import { orgIdOf } from '../../local-org/index';
import { waitUntil } from '../commands/command-process';
import { startFleet, writeEvents, type Fleet } from '../commands/fleet';
import { shareWorkspace } from '../commands/workspace';
import { filesBelow, writeFixture } from './test-project';
import { runKeysCommand, type KeysResult } from './run-keys-command';

const workspace = shareWorkspace();
const KEYSET = 'Customer_Identity';
const SOURCE = 'force-app/main/default';

let fleet: Fleet;
/** An org whose only key expires in 5 days. Salesforce rejects a deploy of this key, also as inactive. */
before(async () => {
  const jwk = await publicJwk(keyPair(), {
    notBefore: new Date(Date.now() - 300 * DAY_MS),
    notAfter: new Date(Date.now() + 5 * DAY_MS),
  });
  const key = metadata(
    'PublicKeyCertificate',
    `<isActive>true</isActive><jsonWebKey>${JSON.stringify(jwk)}</jsonWebKey><masterLabel>Old</masterLabel>`,
  );
  const item =
    '<publicKeyCertificateSetKeys><publicKeyCertificate>Old_Key</publicKeyCertificate></publicKeyCertificateSetKeys>';
  const keyset = metadata(
    'PublicKeyCertificateSet',
    `<jwtIssuer>https://id.example.com</jwtIssuer><masterLabel>Keys</masterLabel>${item}<type>JWKS</type>`,
  );
  const seed = [
    { path: 'PublicKeyCertificate/Old_Key.PublicKeyCertificate', content: key },
    { path: `PublicKeyCertificateSet/${KEYSET}.PublicKeyCertificateSet`, content: keyset },
  ];
  fleet = await startFleet(workspace, { one: { seed } });
  writeFixture(fleet.project, `${SOURCE}/PublicKeyCertificate/Old_Key.PublicKeyCertificate-meta.xml`, key);
  writeFixture(fleet.project, `${SOURCE}/PublicKeyCertificateSet/${KEYSET}.PublicKeyCertificateSet-meta.xml`, keyset);
  await runKeysCommand(fleet.project, { verb: 'new', name: 'New_Key', privateKey: join(workspace.folder, 'new.pem') });
});

const metadata = (type: string, content: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<${type} xmlns="http://soap.sforce.com/2006/04/metadata">${content}</${type}>\n`;

const rotate = (step: string, flags: object = {}): Promise<KeysResult> =>
  runKeysCommand(fleet.project, { verb: 'rotate', step, name: KEYSET, ...flags }, workspace.workers);

const orgFile = (path: string): string => fleet.org('one').files().get(path) ?? '';
const keyset = (): string => orgFile(`PublicKeyCertificateSet/${KEYSET}.PublicKeyCertificateSet`);

const journals = (): string =>
  filesBelow(fleet.project)
    .filter((file) => file.endsWith('journal.ndjson'))
    .map((file) => readFileSync(file, 'utf8'))
    .join('');

test('lists the expiring key although the project has other errors', async () => {
  const { exit, shown } = await runKeysCommand(fleet.project, { verb: 'list' }, workspace.workers);
  assert.equal(exit, 2);
  assert.match(shown, /Old_Key .*\n.* expires on \d{4}-\d\d-\d\d \(in 4 days\)/);
});

test('waits for another run in the same org before a rotation step', async () => {
  const lock = { alias: 'one', orgId: orgIdOf('one'), home: workspace.home, timeout: 0, onWait: () => undefined };
  const other = withLock(lock, async () => {
    await waitUntil('the step waits', () => journals().includes('"step":"waiting","detail":"for another run'));
    return writeEvents(fleet.org('one'));
  });
  const { exit, shown } = await rotate('stage', { newKey: 'New_Key' });
  assert.deepEqual([exit, await other], [0, []], shown);
});

test('stages a new key although the expiring key fails the project check', async () => {
  const { exit, shown } = await rotate('stage', { newKey: 'New_Key' });
  assert.equal(exit, 0, shown);
  assert.match(keyset(), /Old_Key[\s\S]*New_Key/);
});

test('retires the expiring key by removing it from the keyset instead of deactivating it', async () => {
  assert.equal((await rotate('switch', { confirm: true })).exit, 0);
  const file = join(fleet.project, `config/rotations/${KEYSET}.json`);
  const earlier = (moment: string): string => new Date(Date.parse(moment) - 4 * DAY_MS).toISOString();
  writeFileSync(file, readFileSync(file, 'utf8').replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, earlier));
  const { exit, shown } = await rotate('retire');
  assert.equal(exit, 0, shown);
  assert.doesNotMatch(keyset(), /Old_Key/);
  assert.notEqual(orgFile('PublicKeyCertificate/Old_Key.PublicKeyCertificate'), '');
});

test('deletes the expiring key from the org in the last step', async () => {
  const { exit, shown } = await rotate('delete');
  assert.equal(exit, 0, shown);
  assert.equal(orgFile('PublicKeyCertificate/Old_Key.PublicKeyCertificate'), '');
});
