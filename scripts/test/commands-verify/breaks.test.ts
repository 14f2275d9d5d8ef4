import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { startEndpoint, type Endpoint } from '../commands-keys/endpoint';
import type { Ran } from '../commands/ran';
import { workplace } from '../commands/workplace';
import { DAY, jwkOf, pairOf } from '../lib/jwk/keyring';
import { adminOf } from './admin';
import { explain, type Explanation } from './explained';
import { ORG_BREAKS, type Scene } from './org-breaks';
import { KID, startStand, validNow, type Stand } from './stand';
import { made, TOKEN_BREAKS } from './token-breaks';

const place = workplace();
const QUEUE = 'queues/Customer_Chat.queue';

let stand: Stand;
let scene: Scene;
let endpoint: Endpoint;
let sound: ReadonlyMap<string, string>;
before(async () => {
  stand = await startStand(place, { dev: {} });
  endpoint = await startEndpoint();
  const org = stand.fleet.org('dev');
  const old = { notBefore: new Date(Date.now() - 2 * DAY), notAfter: new Date(Date.now() - DAY) };
  const named = async (pair: string, validity = validNow) => ({ ...(await jwkOf(pairOf(pair), validity)), kid: KID });
  scene = {
    org,
    admin: await adminOf(org),
    jwk: await named('stand'),
    other: await named('other'),
    expired: await named('stand', old),
    endpoint,
  };
  sound = org.files();
});
after(() => endpoint.close());

const verify = (setting: object = { privateKey: stand.keyFile }): Promise<Ran> =>
  stand.fleet.run('verify', { allowLoopback: true, org: ['dev'], ...setting });
const explained = (token = made(stand.key)): Promise<Explanation> => explain(place, stand.fleet, token);

/** Puts every file back as it was when the org was sound. */
function putBack(): void {
  for (const [path, content] of sound) if (scene.org.files().get(path) !== content) scene.org.edit(path, () => content);
}

async function assertSound(): Promise<void> {
  const { exit, shown } = await verify();
  assert.equal(exit, 0, shown);
  const { exit: green, shown: said, links } = await explained();
  assert.deepEqual([green, Object.values(links)], [0, [null, null]], said);
}

test('there are at least 25 ways to break the chain in the table, and most links have one', () => {
  const links = [...ORG_BREAKS, ...TOKEN_BREAKS].map(({ link }) => link);
  assert.ok(links.length >= 25 && new Set(links).size >= 16, String(new Set(links).size));
});

describe('an org in which', () => {
  for (const { what, link, make, mend } of ORG_BREAKS) {
    test(`${what}: verify fails, explain names "${link}", and mended both are green`, async () => {
      await make(scene);
      try {
        const { exit, shown } = await verify();
        assert.equal(exit, 1, shown);
        const { links, exit: red, shown: said } = await explained();
        assert.deepEqual([links['Web_Chat'], red], [link, 1], said);
      } finally {
        putBack();
        await mend?.(scene);
      }
      await assertSound();
    });
  }

  test('the queue takes no messaging sessions: verify fails, although no link is broken', async () => {
    const start = scene.org.files().get(QUEUE) ?? '';
    scene.org.edit(QUEUE, (text) => text.replace('>MessagingSession<', '>Case<'));
    assert.notEqual(scene.org.files().get(QUEUE), start);
    try {
      const ran = await verify();
      const failed = ran.org('dev').checks.filter(({ state }) => state === 'failed');
      assert.deepEqual([...new Set(failed.map(({ name }) => name))], ['as stated', 'queue'], ran.shown);
    } finally {
      putBack();
    }
    await assertSound();
  });

  test('no deployment was ever published: verify fails, explain names "published", and published both are green', async () => {
    const seed = [...sound].map(([path, content]) => ({ path, content }));
    await stand.fleet.add('fresh', { seed });
    const own = { org: ['fresh'] };
    const admin = await adminOf(stand.fleet.org('fresh'));
    const each = async (act: (name: string) => Promise<void>): Promise<void> => {
      for (const name of ['Web_Chat', 'Mobile_Chat', 'Guest_Web_Chat']) await act(name);
    };
    await each((name) => admin.setActive(name, true));
    const token = made(stand.key);
    const before = await explain(place, stand.fleet, token, own);
    assert.deepEqual(Object.values(before.links), ['published', 'published'], before.shown);
    assert.equal((await verify({ privateKey: stand.keyFile, ...own })).exit, 1);
    await each((name) => admin.publish(name));
    const after = await explain(place, stand.fleet, token, own);
    assert.deepEqual(Object.values(after.links), [null, null], after.shown);
    const { exit, shown } = await verify({ privateKey: stand.keyFile, ...own });
    assert.equal(exit, 0, shown);
  });

  test('what the source has right is mended by a deploy', async () => {
    scene.org.edit('messagingChannels/Web_Chat.messagingChannel', (text) =>
      text.replace('<enabled>true', '<enabled>false'),
    );
    const { fixes } = await explained();
    putBack();
    assert.deepEqual(fixes, ['npm run deploy -- --org dev (the source has it right).']);
  });
});

describe('a token', () => {
  for (const { what, link, make } of TOKEN_BREAKS) {
    test(`${what}: verify fails, explain names "${link}"`, async () => {
      const token = make(stand.key);
      const file = join(place.folder, 'token');
      writeFileSync(file, token);
      const { exit, shown } = await verify({ tokenCommand: `cat '${file}'` });
      assert.equal(exit, 1, shown);
      const { links, exit: red, shown: said } = await explained(token);
      assert.deepEqual([Object.values(links), red], [[link, link], 1], said);
    });
  }

  test('that is good is green at both', assertSound);
});
