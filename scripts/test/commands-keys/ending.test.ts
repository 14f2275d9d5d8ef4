import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { DAY, jwkOf, pairOf } from '../lib/jwk/keyring';
import { withLock } from '../../lib/org';
import { orgIdOf } from '../../local-org/index';
import { until } from '../commands/command-process';
import { startFleet, writesIn, type Fleet } from '../commands/fleet';
import { workplace } from '../commands/workplace';
import { filesBelow, put } from './project';
import { runVerb, type Ran } from './ran';

const place = workplace();
const KEYSET = 'Customer_Identity';
const SOURCE = 'force-app/main/default';

let fleet: Fleet;
/** An org whose only key has five days left: Salesforce would take it in no deployment any more, not even as inactive. */
before(async () => {
  const jwk = await jwkOf(pairOf(), {
    notBefore: new Date(Date.now() - 300 * DAY),
    notAfter: new Date(Date.now() + 5 * DAY),
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
  fleet = await startFleet(place, { one: { seed } });
  put(fleet.project, `${SOURCE}/PublicKeyCertificate/Old_Key.PublicKeyCertificate-meta.xml`, key);
  put(fleet.project, `${SOURCE}/PublicKeyCertificateSet/${KEYSET}.PublicKeyCertificateSet-meta.xml`, keyset);
  await runVerb(fleet.project, { verb: 'new', name: 'New_Key', privateKey: join(place.folder, 'new.pem') });
});

const metadata = (type: string, content: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<${type} xmlns="http://soap.sforce.com/2006/04/metadata">${content}</${type}>\n`;

const rotate = (step: string, flags: object = {}): Promise<Ran> =>
  runVerb(fleet.project, { verb: 'rotate', step, name: KEYSET, ...flags }, place.hosts);

const held = (path: string): string => fleet.org('one').files().get(path) ?? '';
const keyset = (): string => held(`PublicKeyCertificateSet/${KEYSET}.PublicKeyCertificateSet`);

const journals = (): string =>
  filesBelow(fleet.project)
    .filter((file) => file.endsWith('journal.ndjson'))
    .map((file) => readFileSync(file, 'utf8'))
    .join('');

test('list warns of the key, whatever else is wrong with the project', async () => {
  const { exit, shown } = await runVerb(fleet.project, { verb: 'list' }, place.hosts);
  assert.equal(exit, 2);
  assert.match(shown, /Old_Key .*\n.* 4 days left/);
});

test('a step waits for another run that works on the org', async () => {
  const lock = { alias: 'one', orgId: orgIdOf('one'), home: place.home, patience: 0, waiting: () => undefined };
  const other = withLock(lock, async () => {
    await until('the step waits', () => journals().includes('"step":"waiting","detail":"for another run'));
    return writesIn(fleet.org('one'));
  });
  const { exit, shown } = await rotate('stage', { key: 'New_Key' });
  assert.deepEqual([exit, await other], [0, []], shown);
});

test('a key that ends is replaced although no check of the project passes any more', async () => {
  const { exit, shown } = await rotate('stage', { key: 'New_Key' });
  assert.equal(exit, 0, shown);
  assert.match(keyset(), /Old_Key[\s\S]*New_Key/);
});

test('it is retired by leaving the keyset, for Salesforce would not take it as inactive', async () => {
  assert.equal((await rotate('switch', { switched: true })).exit, 0);
  const file = join(fleet.project, `config/rotations/${KEYSET}.json`);
  const earlier = (moment: string): string => new Date(Date.parse(moment) - 4 * DAY).toISOString();
  writeFileSync(file, readFileSync(file, 'utf8').replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, earlier));
  const { exit, shown } = await rotate('retire');
  assert.equal(exit, 0, shown);
  assert.doesNotMatch(keyset(), /Old_Key/);
  assert.notEqual(held('PublicKeyCertificate/Old_Key.PublicKeyCertificate'), '');
});

test('and deleted by the last step', async () => {
  const { exit, shown } = await rotate('delete');
  assert.equal(exit, 0, shown);
  assert.equal(held('PublicKeyCertificate/Old_Key.PublicKeyCertificate'), '');
});
