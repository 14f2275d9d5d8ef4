import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
import { PROJECT } from '../../gates/list-files';
import { runKeysCommand } from '../../commands-keys/run-keys-command';
import { keyset } from '../explain/test-org';
import { fakeWorkers } from '../fake-workers';
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

test('warns if stage uses a sample key, whose private key nobody has', async () => {
  const { folder } = await keyFixture(parent, { dev: 1 });
  const sample = 'PublicKeyCertificate/Customer_Identity_2026_A.PublicKeyCertificate-meta.xml';
  const source = 'force-app/main/default';
  copyFileSync(join(PROJECT, source, sample), join(folder, source, sample));
  const shown: string[] = [];
  const stage = async (newKey: string): Promise<void> => {
    const flags = { verb: 'rotate', step: 'stage', name: 'Identity', newKey, org: [], project: folder, accept: [] };
    const print = (text: string): void => void shown.push(text);
    const context = { flags, print, now: new Date('2026-12-01') } as unknown as Context<RotateFlags>;
    await assert.rejects(runRotate(context, () => Promise.reject(new Error('an org was contacted'))));
  };
  await stage('New');
  assert.deepEqual(shown, []);
  await stage('Customer_Identity_2026_A');
  assert.match(shown.join(), /^Warning: Customer_Identity_2026_A is a sample key .*npm run keys -- new NAME/);
});

test('a dry run names an org that cannot be read, and writes nothing', async () => {
  const { folder, sf } = await keyFixture(parent, { one: 1, two: 1 });
  const flags = { verb: 'rotate', step: 'stage', name: 'Identity', newKey: 'New', dryRun: true, accept: [] } as const;
  const dryRun = async () => {
    const { exit, shown, document } = await runKeysCommand(folder, flags, fakeWorkers(sf));
    const { orgs } = document as { readonly orgs: readonly { readonly alias: string; readonly status: string }[] };
    return { exit, shown, orgs: orgs.map(({ alias, status }) => [alias, status]) };
  };
  const planned = await dryRun();
  assert.deepEqual(
    [planned.exit, planned.orgs],
    [
      2,
      [
        ['one', 'planned'],
        ['two', 'planned'],
      ],
    ],
  );
  sf.org('two').fail('query', 'unreachable');
  const { exit, orgs, shown } = await dryRun();
  assert.deepEqual(
    [exit, orgs],
    [
      4,
      [
        ['one', 'planned'],
        ['two', 'unreachable'],
      ],
    ],
  );
  assert.match(shown, /two[^]*Error \(org-unreachable\)/);
  assert.equal(sf.org('one').jobs.length + sf.org('two').jobs.length, 0);
});
