import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseChatApiSettings } from '../../../local-org/index';
import { startLocalOrgs } from '../../../local-org/orgs';
import { runScript } from '../../lib/cli/run-script';

test('rejects an unknown setting with the valid ones before it starts an org', async () => {
  const { exit, out, err } = await runScript('scripts/local-org.ts', ['--chat-api', 'cache=10m', '--json']);
  assert.equal(exit, 3, err);
  const { error } = JSON.parse(out) as { error: Record<string, string> };
  assert.equal(error['code'], 'invalid-flag');
  assert.match(error['why'] ?? '', /Unknown Chat API setting "cache"\. Valid settings: jwksCache, /);
});

test('rejects an evidence file that is missing or invalid before it starts an org', async () => {
  for (const file of ['missing.json', 'package.json']) {
    const { exit, out, err } = await runScript('scripts/local-org.ts', ['--evidence', file, '--json']);
    assert.equal(exit, 3, err);
    const { error } = JSON.parse(out) as { error: Record<string, string> };
    assert.match(error['what'] ?? '', new RegExp(`${file} (isn't an evidence file|can't be read)`));
    assert.match(error['why'] ?? '', /^ENOENT|^answers is invalid: it is missing\. /);
  }
});

test('applies the settings to each org', async (t) => {
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
      const response = await fetch(`${url}/embeddedservice/v1/embedded-service-config`, { headers });
      assert.equal(response.headers.get('access-control-allow-origin'), shared);
    }
    await local.close();
  }
});
