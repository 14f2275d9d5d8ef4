import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { startEndpoint, type TestEndpoint } from '../commands-keys/test-endpoint';
import type { CommandResult } from '../commands/run-command';
import { createWorkspace } from '../commands/workspace';
import { DAY_MS, publicJwk, keyPair } from '../lib/jwk/test-keys';
import { logInAsAdmin } from './admin';
import { runExplainCommand, type ExplainResult } from './run-explain';
import { ORG_BREAKS, type BreakContext } from './org-breaks';
import { KID, startTestOrgs, VALID_NOW, type TestOrgs } from './test-orgs';
import { signToken, TOKEN_BREAKS } from './token-breaks';

const workspace = createWorkspace();
const QUEUE = 'queues/Customer_Chat.queue';

let testOrgs: TestOrgs;
let breakContext: BreakContext;
let endpoint: TestEndpoint;
let originalFiles: ReadonlyMap<string, string>;
before(async () => {
  testOrgs = await startTestOrgs(workspace, { dev: {} });
  endpoint = await startEndpoint();
  const org = testOrgs.fleet.org('dev');
  const old = { notBefore: new Date(Date.now() - 2 * DAY_MS), notAfter: new Date(Date.now() - DAY_MS) };
  const jwkOf = async (pair: string, validity = VALID_NOW) => ({
    ...(await publicJwk(keyPair(pair), validity)),
    kid: KID,
  });
  breakContext = {
    org,
    admin: await logInAsAdmin(org),
    jwk: await jwkOf('stand'),
    other: await jwkOf('other'),
    expired: await jwkOf('stand', old),
    endpoint,
  };
  originalFiles = org.files();
});
after(() => endpoint.close());

const verify = (setting: object = { privateKey: testOrgs.keyFile }): Promise<CommandResult> =>
  testOrgs.fleet.run('verify', { allowLoopback: true, org: ['dev'], ...setting });
const explainToken = (token = signToken(testOrgs.key)): Promise<ExplainResult> =>
  runExplainCommand(workspace, testOrgs.fleet, token);

/** Restores the files of the working org. */
function restoreFiles(): void {
  for (const [path, content] of originalFiles)
    if (breakContext.org.files().get(path) !== content) breakContext.org.edit(path, () => content);
}

async function assertPassing(): Promise<void> {
  const { exit, shown } = await verify();
  assert.equal(exit, 0, shown);
  const { exit: explainExit, shown: explained, links } = await explainToken();
  assert.deepEqual([explainExit, Object.values(links)], [0, [null, null]], explained);
}

test('covers most steps of the chain with at least 25 breaks', () => {
  const links = [...ORG_BREAKS, ...TOKEN_BREAKS].map(({ link }) => link);
  assert.ok(links.length >= 25 && new Set(links).size >= 16, String(new Set(links).size));
});

describe('an org in which', () => {
  for (const { name: what, link, apply, undo } of ORG_BREAKS) {
    test(`${what} fails verify, and explain names "${link}" until the org is repaired`, async () => {
      await apply(breakContext);
      try {
        const { exit, shown } = await verify();
        assert.equal(exit, 1, shown);
        const { links, exit: explainExit, shown: explained } = await explainToken();
        assert.deepEqual([links['Web_Chat'], explainExit], [link, 1], explained);
      } finally {
        restoreFiles();
        await undo?.(breakContext);
      }
      await assertPassing();
    });
  }

  test("a queue doesn't support messaging sessions fails verify although no step of the chain is broken", async () => {
    const start = breakContext.org.files().get(QUEUE) ?? '';
    breakContext.org.edit(QUEUE, (text) => text.replace('>MessagingSession<', '>Case<'));
    assert.notEqual(breakContext.org.files().get(QUEUE), start);
    try {
      const ran = await verify();
      const failed = ran.org('dev').checks.filter(({ state }) => state === 'failed');
      assert.deepEqual([...new Set(failed.map(({ name }) => name))], ['in sync', 'queue'], ran.shown);
    } finally {
      restoreFiles();
    }
    await assertPassing();
  });

  test('no chat deployment was published fails verify, and explain names "published" until it is published', async () => {
    const seed = [...originalFiles].map(([path, content]) => ({ path, content }));
    await testOrgs.fleet.add('fresh', { seed });
    const own = { org: ['fresh'] };
    const admin = await logInAsAdmin(testOrgs.fleet.org('fresh'));
    const each = async (act: (name: string) => Promise<void>): Promise<void> => {
      for (const name of ['Web_Chat', 'Mobile_Chat', 'Guest_Web_Chat']) await act(name);
    };
    await each((name) => admin.setActive(name, true));
    const token = signToken(testOrgs.key);
    const before = await runExplainCommand(workspace, testOrgs.fleet, token, own);
    assert.deepEqual(Object.values(before.links), ['published', 'published'], before.shown);
    assert.equal((await verify({ privateKey: testOrgs.keyFile, ...own })).exit, 1);
    await each((name) => admin.publish(name));
    const after = await runExplainCommand(workspace, testOrgs.fleet, token, own);
    assert.deepEqual(Object.values(after.links), [null, null], after.shown);
    const { exit, shown } = await verify({ privateKey: testOrgs.keyFile, ...own });
    assert.equal(exit, 0, shown);
  });

  test('only the live channel is wrong gets a deploy as the fix in explain', async () => {
    breakContext.org.edit('messagingChannels/Web_Chat.messagingChannel', (text) =>
      text.replace('<enabled>true', '<enabled>false'),
    );
    const { fixes } = await explainToken();
    restoreFiles();
    assert.deepEqual(fixes, ['Deploy the source, which is correct: npm run deploy -- --org dev']);
  });
});

describe('token', () => {
  for (const { name, link, create } of TOKEN_BREAKS) {
    test(`fails verify with step "${link}" in explain when ${name}`, async () => {
      const token = create(testOrgs.key);
      const file = join(workspace.folder, 'token');
      writeFileSync(file, token);
      const { exit, shown } = await verify({ tokenCommand: `cat '${file}'` });
      assert.equal(exit, 1, shown);
      const { links, exit: explainExit, shown: explained } = await explainToken(token);
      assert.deepEqual([Object.values(links), explainExit], [[link, link], 1], explained);
    });
  }

  test('passes verify and explain when it is valid', assertPassing);
});
