import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { importJWK, importPKCS8, jwtVerify, SignJWT, type JWK } from 'jose';
import type { LocalOrg } from '../../local-org/index';
import { readXml } from '../../lib/metadata';
import { childrenOf, isTrueAt, textAt, type Element } from '../../lib/model';
import { startFleet, type Fleet } from '../commands/fleet';
import { orgState, latestRunId } from '../commands/run-helpers';
import { createWorkspace } from '../commands/workspace';
import { runKeysCommand, type KeysResult, type KeysCommandFlags } from './run-keys-command';

const workspace = createWorkspace();
const KEYSET = 'Customer_Identity';
const ISSUER = 'https://id.example.com';

/** Whether an org takes a token: what its runtime does with the keyset that the channel names. */
async function acceptsToken(org: LocalOrg, token: string): Promise<boolean> {
  const files = org.files();
  const rootOf = (path: string): Element | undefined => readXml(files.get(path) ?? '').root;
  const keyset = rootOf(`PublicKeyCertificateSet/${KEYSET}.PublicKeyCertificateSet`);
  const keys = (keyset ? childrenOf(keyset, 'publicKeyCertificateSetKeys') : [])
    .map((item) => rootOf(`PublicKeyCertificate/${textAt(item, 'publicKeyCertificate') ?? ''}.PublicKeyCertificate`))
    .filter((key) => key !== undefined && isTrueAt(key, 'isActive'))
    .map((key) => JSON.parse((key && textAt(key, 'jsonWebKey')) ?? '{}') as JWK);
  try {
    await jwtVerify(token, async ({ kid }) => importJWK(keys.find((key) => key.kid === kid) ?? {}, 'RS256'), {
      issuer: ISSUER,
      algorithms: ['RS256', 'RS512'],
    });
    return true;
  } catch {
    return false;
  }
}

/** A signer with a private key that `keys new` handed over. */
async function signWith(file: string, kid: string): Promise<string> {
  const key = await importPKCS8(readFileSync(file, 'utf8'), 'RS256');
  const claims = new SignJWT({ sub: 'customer-1' }).setProtectedHeader({ alg: 'RS256', kid, typ: 'JWT' });
  return claims.setIssuer(ISSUER).setIssuedAt().setExpirationTime('1h').sign(key);
}

describe('a rotation on three orgs, from staging to deletion', () => {
  let fleet: Fleet;
  const kids: Record<string, string> = {};
  const keyFile = (name: string): string => join(workspace.folder, `${name}.pem`);
  const run = (told: KeysCommandFlags): Promise<KeysResult> => runKeysCommand(fleet.project, told, workspace.hosts);
  const rotate = (step: string, flags: object = {}): Promise<KeysResult> =>
    run({ verb: 'rotate', step, name: KEYSET, ...flags });
  const orgs = (): readonly LocalOrg[] => ['one', 'two', 'three'].map((alias) => fleet.org(alias));
  const taken = async (name: string): Promise<readonly boolean[]> => {
    const token = await signWith(keyFile(name), kids[name] ?? '');
    return Promise.all(orgs().map((org) => acceptsToken(org, token)));
  };
  const ALL = [true, true, true];
  const NONE = [false, false, false];

  /** Hours pass: what the rotation remembers was that much earlier. */
  function wait(hours: number): void {
    const file = join(fleet.project, `config/rotations/${KEYSET}.json`);
    const earlier = (moment: string): string => new Date(Date.parse(moment) - hours * 3_600_000).toISOString();
    writeFileSync(file, readFileSync(file, 'utf8').replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, earlier));
  }

  before(async () => {
    fleet = await startFleet(workspace, {
      one: { config: { wave: 1 } },
      two: { config: { wave: 2 } },
      three: { config: { wave: 3 } },
    });
    for (const name of ['Old_Key', 'New_Key']) {
      const { exit, document } = await run({ verb: 'new', name, privateKey: keyFile(name) });
      assert.equal(exit, 0);
      kids[name] = (document['key'] as { kid: string }).kid;
    }
    const path = `force-app/main/default/PublicKeyCertificateSet/${KEYSET}.PublicKeyCertificateSet-meta.xml`;
    fleet.rewrite(path, 'Customer_Identity_2026_A', 'Old_Key');
    fleet.rewrite(
      path,
      /\s*<publicKeyCertificateSetKeys>\s*<publicKeyCertificate>Customer_Identity_2026_B[\s\S]*?<\/publicKeyCertificateSetKeys>/,
      '',
    );
    assert.equal((await fleet.deployAccepted()).exit, 0);
  });

  test('before it, only tokens of the old key are taken', async () => {
    assert.deepEqual([await taken('Old_Key'), await taken('New_Key')], [ALL, NONE]);
  });

  test('no step but staging can be taken', async () => {
    for (const step of ['check', 'switch', 'retire', 'delete'])
      assert.equal((await rotate(step)).code, 'invalid-rotation', step);
  });

  test('staging puts the new key beside the old one, everywhere', async () => {
    const { exit, shown } = await rotate('stage', { newKey: 'New_Key' });
    assert.equal(exit, 0, shown);
    assert.deepEqual([await taken('Old_Key'), await taken('New_Key')], [ALL, ALL]);
    assert.match(shown, new RegExp(`header "kid": "${kids['New_Key']}"`));
  });

  test('staging again deploys nothing', async () => {
    const count = orgs().map(({ log }) => log.filter(({ kind }) => kind === 'deploy').length);
    assert.equal((await rotate('stage')).exit, 0);
    assert.deepEqual(
      orgs().map(({ log }) => log.filter(({ kind }) => kind === 'deploy').length),
      count,
    );
  });

  test('an ordinary plan has nothing left to do', async () => {
    const { exit, document } = await fleet.plan();
    assert.equal(exit, 0, JSON.stringify(document, null, 1));
  });

  test('retiring is refused before the signer has switched', async () => {
    const { exit, shown } = await rotate('retire');
    assert.equal(exit, 1);
    assert.match(shown, /The switch isn't confirmed/);
  });

  test('the switch waits for the signer, and tells what to change', async () => {
    const { exit, shown } = await rotate('switch');
    assert.equal(exit, 2, shown);
    assert.match(shown, /"iss": "https:\/\/id\.example\.com"/);
    assert.equal((await rotate('switch', { confirm: true })).exit, 0);
  });

  test('retiring is refused until 72 hours and the life of a token have passed, and names the moment', async () => {
    wait(72);
    const { exit, shown } = await rotate('retire');
    assert.equal(exit, 1);
    assert.match(shown, /Earliest time: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/);
    assert.deepEqual(await taken('Old_Key'), ALL);
  });

  test('retiring is refused while an org has lost the new key', async () => {
    wait(1);
    const path = 'PublicKeyCertificate/New_Key.PublicKeyCertificate';
    fleet.org('two').edit(path, (text) => text.replace('<isActive>true', '<isActive>false'));
    const { exit, shown } = await rotate('retire');
    assert.equal(exit, 1);
    assert.match(shown, /two no longer trusts the new key/);
    fleet.org('two').edit(path, (text) => text.replace('<isActive>false', '<isActive>true'));
  });

  test('retiring takes trust from the old key everywhere, last wave first', async () => {
    const { exit, shown } = await rotate('retire');
    assert.equal(exit, 0, shown);
    assert.deepEqual([await taken('Old_Key'), await taken('New_Key')], [NONE, ALL]);
    const order = shown.split('\n').flatMap((line) => /^ {2}(\w+): deployed/.exec(line)?.[1] ?? []);
    assert.deepEqual(order, ['three', 'two', 'one']);
  });

  test('an ordinary deployment does not bring the old key back', async () => {
    const { exit } = await fleet.plan();
    assert.equal(exit, 0);
  });

  test('deleting removes the old key from keyset, org and source', async () => {
    const before = orgs().map(orgState);
    const { exit, shown } = await rotate('delete');
    assert.equal(exit, 0, shown);
    const back = await fleet.run('rollback', { run: latestRunId(fleet), accept: ['disruptive'] });
    assert.deepEqual([back.exit, orgs().map(orgState)], [0, before], 'a rollback brings the key back');
    assert.equal((await fleet.run('rollback', { run: latestRunId(fleet), accept: ['disruptive'] })).exit, 0);
    assert.ok(orgs().every((org) => !org.files().has('PublicKeyCertificate/Old_Key.PublicKeyCertificate')));
    assert.deepEqual(await taken('New_Key'), ALL);
    assert.equal((await fleet.plan()).exit, 0);
    assert.match((await rotate('status')).shown, /done/);
  });

  test('list shows every key of every org, and ends with 2 when one ends soon', async () => {
    assert.equal((await run({ verb: 'list' })).exit, 0);
    const { exit, document } = await run({ verb: 'list', within: 366 });
    assert.equal(exit, 2);
    const keys = document['keys'] as readonly { org: string; name: string; keysets: readonly string[] }[];
    assert.deepEqual(
      keys.map(({ org, name, keysets }) => [org, name, keysets.join()]).sort(),
      ['one', 'two', 'three'].map((org) => [org, 'New_Key', KEYSET]).sort(),
    );
  });

  test('a compromised key goes at once, and it is said whom that locks out', async () => {
    const refused = await rotate('retire', { compromised: true });
    assert.deepEqual([refused.exit, refused.code], [1, 'not-accepted']);
    assert.match(refused.shown, /three: customers whose token is signed with New_Key .* are locked out of .*Web_Chat/);
    assert.deepEqual(await taken('New_Key'), ALL);
    const { exit, shown } = await rotate('retire', { compromised: true, accept: ['disruptive'] });
    assert.equal(exit, 0, shown);
    assert.deepEqual(await taken('New_Key'), NONE);
  });

  test('after that, a new key is staged, and the compromised one is deleted', async () => {
    const { document } = await run({ verb: 'new', name: 'Third_Key', privateKey: keyFile('Third_Key') });
    kids['Third_Key'] = (document['key'] as { kid: string }).kid;
    const staged = await rotate('stage', { newKey: 'Third_Key' });
    assert.equal(staged.exit, 0, staged.shown);
    assert.deepEqual([await taken('New_Key'), await taken('Third_Key')], [NONE, ALL]);
    assert.equal((await rotate('switch', { confirm: true })).exit, 0);
    const { exit, shown } = await rotate('delete');
    assert.equal(exit, 0, shown);
    assert.deepEqual(await taken('Third_Key'), ALL);
  });
});
