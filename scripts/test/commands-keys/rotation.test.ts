import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { importJWK, importPKCS8, jwtVerify, SignJWT, type JWK } from 'jose';
import type { LocalOrg } from '../../local-org/index';
import { readXml } from '../../lib/metadata';
import { childrenOf, isTrueAt, textAt, type Element } from '../../lib/model';
import { startFleet, type Fleet } from '../commands/fleet';
import { orgState, latestRunId, runIds } from '../commands/run-helpers';
import { shareWorkspace } from '../commands/workspace';
import { runKeysCommand, type KeysResult, type KeysCommandFlags } from './run-keys-command';

const workspace = shareWorkspace();
const KEYSET = 'Customer_Identity';
const ISSUER = 'https://id.example.com';

/** Whether an org accepts a token with its live keyset, as the Enhanced Chat API checks it. */
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

/** Signs a token with a private key from `keys new`. */
async function signWith(file: string, kid: string): Promise<string> {
  const key = await importPKCS8(readFileSync(file, 'utf8'), 'RS256');
  const claims = new SignJWT({ sub: 'customer-1' }).setProtectedHeader({ alg: 'RS256', kid, typ: 'JWT' });
  return claims.setIssuer(ISSUER).setIssuedAt().setExpirationTime('1h').sign(key);
}

describe('rotation in three orgs', () => {
  let fleet: Fleet;
  const kids: Record<string, string> = {};
  const keyFile = (name: string): string => join(workspace.folder, `${name}.pem`);
  const run = (flags: KeysCommandFlags): Promise<KeysResult> => runKeysCommand(fleet.project, flags, workspace.workers);
  const rotate = (step: string, flags: object = {}): Promise<KeysResult> =>
    run({ verb: 'rotate', step, name: KEYSET, ...flags });
  const orgs = (): readonly LocalOrg[] => ['one', 'two', 'three'].map((alias) => fleet.org(alias));
  const accepted = async (name: string): Promise<readonly boolean[]> => {
    const token = await signWith(keyFile(name), kids[name] ?? '');
    return Promise.all(orgs().map((org) => acceptsToken(org, token)));
  };
  const ALL = [true, true, true];
  const NONE = [false, false, false];

  /** Moves the times in the rotation file into the past, as if `hours` had passed. */
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

  test('starts with orgs that accept only tokens of the old key', async () => {
    assert.deepEqual([await accepted('Old_Key'), await accepted('New_Key')], [ALL, NONE]);
  });

  test('rejects every step before stage', async () => {
    for (const step of ['check', 'switch', 'retire', 'delete'])
      assert.equal((await rotate(step)).code, 'invalid-rotation', step);
  });

  test('adds the new key to the keyset of each org with stage', async () => {
    const { exit, shown } = await rotate('stage', { newKey: 'New_Key' });
    assert.equal(exit, 0, shown);
    assert.deepEqual([await accepted('Old_Key'), await accepted('New_Key')], [ALL, ALL]);
    assert.match(shown, new RegExp(`header "kid": "${kids['New_Key']}"`));
  });

  test('deploys nothing with a second stage', async () => {
    const count = orgs().map(({ log }) => log.filter(({ kind }) => kind === 'deploy').length);
    assert.equal((await rotate('stage')).exit, 0);
    assert.deepEqual(
      orgs().map(({ log }) => log.filter(({ kind }) => kind === 'deploy').length),
      count,
    );
  });

  test('leaves an empty plan after stage', async () => {
    const { exit, document } = await fleet.plan();
    assert.equal(exit, 0, JSON.stringify(document, null, 1));
  });

  test('rejects retire before the switch is confirmed', async () => {
    const { exit, shown } = await rotate('retire');
    assert.equal(exit, 1);
    assert.match(shown, /The switch isn't confirmed/);
  });

  test('shows the settings of the token service and requires a confirmation for switch', async () => {
    const { exit, shown } = await rotate('switch');
    assert.equal(exit, 2, shown);
    assert.match(shown, /"iss": "https:\/\/id\.example\.com"/);
    assert.equal((await rotate('switch', { confirm: true })).exit, 0);
  });

  test('rejects retire until 72 hours and the token lifetime have passed and shows the earliest time', async () => {
    wait(72);
    const { exit, shown } = await rotate('retire');
    assert.equal(exit, 1);
    assert.match(shown, /Earliest time: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/);
    assert.deepEqual(await accepted('Old_Key'), ALL);
  });

  test('rejects retire while an org lacks the new key', async () => {
    wait(1);
    const path = 'PublicKeyCertificate/New_Key.PublicKeyCertificate';
    fleet.org('two').edit(path, (text) => text.replace('<isActive>true', '<isActive>false'));
    const { exit, shown } = await rotate('retire');
    assert.equal(exit, 1);
    assert.match(shown, /two no longer trusts the new key/);
    fleet.org('two').edit(path, (text) => text.replace('<isActive>false', '<isActive>true'));
  });

  test('removes the old key from the keyset of each org with retire, the last wave first', async () => {
    const { exit, shown } = await rotate('retire');
    assert.equal(exit, 0, shown);
    assert.deepEqual([await accepted('Old_Key'), await accepted('New_Key')], [NONE, ALL]);
    const order = shown.split('\n').flatMap((line) => /^ {2}(\w+): deployed/.exec(line)?.[1] ?? []);
    assert.deepEqual(order, ['three', 'two', 'one']);
  });

  test('leaves an empty plan after retire', async () => {
    const { exit } = await fleet.plan();
    assert.equal(exit, 0);
  });

  test('deletes the old key from keysets, orgs, and source with delete, which can be rolled back', async () => {
    const before = orgs().map(orgState);
    const { exit, shown } = await rotate('delete');
    assert.equal(exit, 0, shown);
    const back = await fleet.run('rollback', { run: latestRunId(fleet), accept: ['disruptive', 'undeclared-trust'] });
    assert.deepEqual([back.exit, orgs().map(orgState)], [0, before], 'a rollback restores the key');
    assert.equal(
      (await fleet.run('rollback', { run: latestRunId(fleet), accept: ['disruptive', 'undeclared-trust'] })).exit,
      0,
    );
    assert.ok(orgs().every((org) => !org.files().has('PublicKeyCertificate/Old_Key.PublicKeyCertificate')));
    assert.deepEqual(await accepted('New_Key'), ALL);
    assert.equal((await fleet.plan()).exit, 0);
    assert.match((await rotate('status')).shown, /done/);
  });

  test('lists each key of each org and exits with 2 when a key expires soon', async () => {
    assert.equal((await run({ verb: 'list' })).exit, 0);
    const { exit, document } = await run({ verb: 'list', within: 366 });
    assert.equal(exit, 2);
    const keys = document['keys'] as readonly { org: string; name: string; keysets: readonly string[] }[];
    assert.deepEqual(
      keys.map(({ org, name, keysets }) => [org, name, keysets.join()]).sort(),
      ['one', 'two', 'three'].map((org) => [org, 'New_Key', KEYSET]).sort(),
    );
  });

  test('retires a compromised key immediately after --accept disruptive and shows which customers are locked out', async () => {
    const refused = await rotate('retire', { compromised: true });
    assert.deepEqual([refused.exit, refused.code], [1, 'not-accepted']);
    assert.match(refused.shown, /three: customers whose token is signed with New_Key .* are locked out of .*Web_Chat/);
    assert.deepEqual(await accepted('New_Key'), ALL);
    const { exit, shown } = await rotate('retire', { compromised: true, accept: ['disruptive'] });
    assert.equal(exit, 0, shown);
    assert.deepEqual(await accepted('New_Key'), NONE);
  });

  test('stages a new key after a compromised key was retired and deletes the compromised key', async () => {
    const { document } = await run({ verb: 'new', name: 'Third_Key', privateKey: keyFile('Third_Key') });
    kids['Third_Key'] = (document['key'] as { kid: string }).kid;
    const staged = await rotate('stage', { newKey: 'Third_Key' });
    assert.equal(staged.exit, 0, staged.shown);
    assert.deepEqual([await accepted('New_Key'), await accepted('Third_Key')], [NONE, ALL]);
    assert.equal((await rotate('switch', { confirm: true })).exit, 0);
    const { exit, shown } = await rotate('delete');
    assert.equal(exit, 0, shown);
    assert.deepEqual(await accepted('Third_Key'), ALL);
  });

  test('rolls back the deletion of a compromised key, but not its retirement', async () => {
    const [deletion, , retirement] = runIds(fleet).toReversed();
    for (const [run, exit] of [
      [deletion, 0],
      [retirement, 1],
    ] as const) {
      const back = await fleet.run('rollback', {
        run: run ?? '',
        accept: ['disruptive', 'undeclared-trust'],
        ignoreConflicts: true,
      });
      assert.equal(back.exit, exit, back.shown);
      assert.deepEqual([await accepted('New_Key'), await accepted('Third_Key')], [NONE, ALL]);
    }
    const refused = await fleet.run('rollback', { run: retirement ?? '', accept: ['undeclared-trust'] });
    assert.equal(refused.org('one').error?.code, 'compromised-key');
    assert.match(refused.org('one').error?.why ?? '', /New_Key, which the rotation of Customer_Identity marked as/);
  });
});
