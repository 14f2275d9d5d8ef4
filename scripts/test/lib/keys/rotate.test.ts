import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Context } from '../../../lib/cli';
import { asToolError } from '../../../lib/errors';
import type { RotateFlags } from '../../../lib/keys/flags';
import { runRotate } from '../../../lib/keys/rotate';
import { writeRotation } from '../../../lib/rotation';
import type { CliWorkerPool } from '../../../lib/sf';
import { writeXml } from '../../../lib/metadata';
import { keyset } from '../explain/test-org';
import { keyFixture } from './key-fixture';

const parent = mkdtempSync(join(tmpdir(), 'rotate-'));
after(() => rmSync(parent, { recursive: true }));

test('a key that another keyset also lists is not retired', async () => {
  const { folder, rotation } = await keyFixture(parent, { dev: 1 });
  writeRotation(folder, rotation, new Date());
  const path = 'force-app/main/default/PublicKeyCertificateSet/Other.PublicKeyCertificateSet-meta.xml';
  writeFileSync(join(folder, path), writeXml(keyset('Other', ['Old']).root));
  const flags = { verb: 'rotate', step: 'retire', name: 'Identity', org: [], project: folder, accept: [] };
  const context = { flags, now: new Date('2026-12-01') } as unknown as Context<RotateFlags>;
  const error = await runRotate(context, (use) => use({} as CliWorkerPool)).then(
    () => assert.fail('no error'),
    asToolError,
  );
  assert.deepEqual([error.code, error.what], ['invalid-rotation', 'Old is also listed in Other.']);
});
