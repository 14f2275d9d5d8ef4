import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseChatApiSettings } from '../../../local-org/index';
import { startLocalOrgs } from '../../../local-org/orgs';
import { runScript } from '../../lib/cli/run-script';

test('a setting there is not ends the command with what there is, before any org starts', async () => {
  const { exit, out, err } = await runScript('scripts/local-org.ts', ['--chat-api', 'cache=10m', '--json']);
  assert.equal(exit, 3, err);
  const { error } = JSON.parse(out) as { error: Record<string, string> };
  assert.equal(error['code'], 'invalid-flag');
  assert.match(error['why'] ?? '', /The runtime has no setting "cache", only jwksCache, /);
});

test('settings reach every org', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'local-orgs-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const orgs = [{ alias: 'dev', kind: 'sandbox' } as const, { alias: 'uat', kind: 'sandbox' } as const];
  for (const [setting, shared] of [
    ['on', 'http://localhost:3000'],
    ['off', null],
  ] as const) {
    const local = await startLocalOrgs({
      orgs,
      folder,
      anyPort: true,
      chatApi: parseChatApiSettings(`loopbackOrigins=${setting}`),
    });
    for (const { url } of local.orgs) {
      const headers = { origin: 'http://localhost:3000' };
      const answer = await fetch(`${url}/embeddedservice/v1/embedded-service-config`, { headers });
      assert.equal(answer.headers.get('access-control-allow-origin'), shared);
    }
    await local.close();
  }
});
