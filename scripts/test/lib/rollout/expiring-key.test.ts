/** A certificate that expires in 7 days, in a fleet of an org that has its key and an org that would receive it. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { commandsIn, hasError } from '../../../lib/model';
import { loadProject } from '../../../lib/project';
import { orgResultsText } from '../../../lib/report';
import { planFleet, type PlannedOrg } from '../../../lib/rollout';
import { key } from '../../commands/import-orgs';
import { runKeysCommand } from '../../commands-keys/run-keys-command';
import { pemOf, temporaryFolder, writeFixture } from '../../commands-keys/test-project';
import { parseRecommended } from '../command-definitions';
import type { FakeSf } from '../fake-sf';
import { createCertificate, DAY_MS, keyPair } from '../jwk/test-keys';
import { keyFixture } from '../keys/key-fixture';

const parent = temporaryFolder();
const KEY_PATH = 'PublicKeyCertificate/Old.PublicKeyCertificate';
const KEYSET = 'force-app/main/default/PublicKeyCertificateSet/Identity.PublicKeyCertificateSet-meta.xml';
const inDays = (days: number): Date => new Date(Date.now() + days * DAY_MS);
const dateOf = (at: Date): string => at.toISOString().slice(0, 10);

interface Fleet {
  readonly folder: string;
  readonly sf: FakeSf;
}

/** `has` has the key, `lacks` doesn't, and the label of the keyset changes in both. */
async function fleetWith(notAfter: Date): Promise<Fleet> {
  const { folder, sf } = await keyFixture(parent, { has: 1, lacks: 2 });
  const { content } = await key('Old', {}, notAfter);
  writeFileSync(join(folder, `force-app/main/default/${KEY_PATH}-meta.xml`), content);
  const keyset = readFileSync(join(folder, KEYSET), 'utf8');
  writeFileSync(join(folder, KEYSET), keyset.replace('<masterLabel>Identity', '<masterLabel>Customers'));
  sf.org('has').files.set(KEY_PATH, content);
  sf.org('lacks').files.delete(KEY_PATH);
  return { folder, sf };
}

async function plan({ folder, sf }: Fleet): Promise<readonly PlannedOrg[]> {
  const { orgs, findings, apiVersion } = loadProject(folder, { orgs: [] }, new Date());
  assert.equal(hasError(findings), false, JSON.stringify(findings));
  return planFleet(sf, orgs, { apiVersion, onResult: () => undefined });
}

for (const days of [7, -3]) {
  test(`a certificate that expires in ${days} days blocks only the org that would receive its key`, async () => {
    const fleet = await fleetWith(inDays(days));
    const [has, lacks] = (await plan(fleet)).map(({ result }) => result);
    assert.deepEqual([has?.status, lacks?.status, lacks?.error?.code], ['planned', 'failed', 'expiring-key']);
    assert.match(lacks?.error?.why ?? '', new RegExp(`to ${dateOf(inDays(days))} \\(UTC\\)`));
  });
}

test('the recommended command renews the certificate, and the plan shows both dates', async () => {
  const fleet = await fleetWith(inDays(7));
  const { error } = (await plan(fleet))[1]?.result ?? {};
  const [command = ''] = commandsIn(error?.fix ?? '');
  const renewed = inDays(365);
  const certificate = pemOf('CERTIFICATE', await createCertificate(keyPair('Old'), { notAfter: renewed }));
  const { name, flags } = parseRecommended(command.replace('FILE', writeFixture(fleet.folder, 'new.crt', certificate)));
  assert.equal(name, 'keys');
  const imported = await runKeysCommand(fleet.folder, { ...flags, project: fleet.folder } as never);
  assert.equal(imported.exit, 0, imported.shown);
  const planned = await plan(fleet);
  assert.deepEqual(
    planned.map(({ result }) => result.status),
    ['planned', 'planned'],
  );
  const shown = orgResultsText({ columns: 400, color: false }, [planned[0]?.result ?? assert.fail()]);
  for (const date of [inDays(7), renewed]) assert.ok(shown.includes(`certificate until ${dateOf(date)}`), shown);
});

test('check warns about the certificate, and names the command that renews it', async () => {
  const { folder } = await fleetWith(inDays(7));
  const { findings } = loadProject(folder, { orgs: [] }, new Date());
  const finding = findings.find(({ rule }) => rule === 'jwk-x5c-expires-soon') ?? assert.fail();
  assert.equal(finding.severity, 'warning');
  assert.deepEqual(
    commandsIn(finding.fix).map((command) => parseRecommended(command).name),
    ['keys', 'keys', 'keys'],
  );
});
