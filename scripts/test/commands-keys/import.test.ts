import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readXml } from '../../lib/metadata';
import { textAt } from '../../lib/model';
import { createCertificate, DAY_MS, publicJwk, keyPair, type Jwk } from '../lib/jwk/test-keys';
import { startFleet } from '../commands/fleet';
import { shareWorkspace } from '../commands/workspace';
import { temporaryFolder, pemOf, createProject, writeFixture } from './test-project';
import { runKeysCommand, type KeysResult } from './run-keys-command';

const folder = temporaryFolder();
const workspace = shareWorkspace();
const LISTED_KEY = 'Customer_Identity_2026_A';
const valid = (days: number): { notBefore: Date; notAfter: Date } => ({
  notBefore: new Date(Date.now() - DAY_MS),
  notAfter: new Date(Date.now() + days * DAY_MS),
});

const importKey = (project: string, name: string, from: string, flags: object = {}): Promise<KeysResult> =>
  runKeysCommand(project, { verb: 'import', name, from, ...flags });

function jwkIn(project: string, name: string): Jwk {
  const file = join(project, `force-app/main/default/PublicKeyCertificate/${name}.PublicKeyCertificate-meta.xml`);
  const { root } = readXml(readFileSync(file, 'utf8'));
  return JSON.parse((root && textAt(root, 'jsonWebKey')) ?? '{}') as Jwk;
}

const spki = (): string => keyPair().publicKey.export({ type: 'spki', format: 'pem' }).toString();

test('imports the same key from a PEM certificate, a PEM key with certificate, a JWK, a JWKS, and key-command-line-utility output', async () => {
  const jwk: Jwk = { ...(await publicJwk(keyPair(), valid(365))), kid: 'mine' };
  const certificate = pemOf('CERTIFICATE', Buffer.from((jwk['x5c'] as string[])[0] ?? '', 'base64'));
  const tool = { ...jwk, y: 'y', crv: 'crv', d: 'd', k: 'k' };
  const inputs: readonly (readonly [content: string, flags: object])[] = [
    [certificate, { kid: 'mine' }],
    [`\uFEFF${certificate.replaceAll('\n', '\r\n')}`, { kid: 'mine' }],
    [spki(), { kid: 'mine', certificate: writeFixture(folder, 'mine.crt', certificate) }],
    [JSON.stringify(jwk), {}],
    [JSON.stringify(tool), {}],
    [JSON.stringify({ keys: [{ kty: 'EC', kid: 'other' }, tool] }), { kid: 'mine' }],
    [JSON.stringify({ ...jwk, alg: undefined }), { alg: 'RS256' }],
  ];
  for (const [content, flags] of inputs) {
    const project = createProject(folder);
    const { exit, shown } = await importKey(project, 'Mine', writeFixture(folder, 'input', content), flags);
    assert.equal(exit, 0, shown);
    assert.deepEqual(jwkIn(project, 'Mine'), jwk);
  }
});

test('keeps the kid of a key when a new certificate for the same key pair is imported', async () => {
  const project = createProject(folder);
  const [old, renewed] = [await publicJwk(keyPair(), valid(20)), await createCertificate(keyPair(), valid(700))];
  await importKey(
    project,
    'Renewed',
    writeFixture(folder, 'old.json', JSON.stringify({ ...old, kid: 'stays', alg: 'RS512' })),
  );
  const { exit, shown } = await importKey(
    project,
    'Renewed',
    writeFixture(folder, 'new.crt', pemOf('CERTIFICATE', renewed)),
  );
  assert.equal(exit, 0);
  assert.match(shown, /No keyset lists the key\. To replace [^]* rotate stage/);
  assert.deepEqual(jwkIn(project, 'Renewed'), {
    ...old,
    kid: 'stays',
    alg: 'RS512',
    x5c: [renewed.toString('base64')],
  });
});

for (const [key, place] of [
  [LISTED_KEY, 'force-app/main/default/PublicKeyCertificateSet/Customer_Identity.PublicKeyCertificateSet-meta.xml:'],
  ['Customer_Identity_UAT', 'config/orgs/uat.json:'],
] as const)
  test(`suggests a deploy and no rotation for a renewed key that ${place} lists`, async () => {
    const project = createProject(folder);
    rmSync(join(project, 'force-app/main/default/PublicKeyCertificate', `${key}.PublicKeyCertificate-meta.xml`));
    const { shown } = await importKey(
      project,
      key,
      writeFixture(folder, 'key.json', JSON.stringify(await publicJwk(keyPair(), valid(365)))),
    );
    const [, where = '', line] =
      /Already listed in Customer_Identity \((.*:)(\d+)\)\. Next: npm run check, then npm run plan$/.exec(
        shown.trim().replace(/\s+/g, ' '),
      ) ?? [];
    assert.equal(where, place, shown);
    const listed = readFileSync(join(project, place.slice(0, -1)), 'utf8')
      .split('\n')
      .slice(Number(line) - 1, Number(line) + 2);
    assert.match(listed.join('\n'), new RegExp(key));
    assert.doesNotMatch(shown, /rotate/);
  });

test('rejects another key with an existing name and an existing key or kid with another name', async () => {
  const project = createProject(folder);
  const jwk: Jwk = { ...(await publicJwk(keyPair(), valid(365))), kid: 'mine' };
  const other: Jwk = await publicJwk(keyPair('second'), valid(365));
  await importKey(project, 'Mine', writeFixture(folder, 'mine.json', JSON.stringify(jwk)));
  const ruleOf = async (name: string, content: Jwk): Promise<string | undefined> => {
    const { document } = await importKey(project, name, writeFixture(folder, 'try.json', JSON.stringify(content)));
    return (document['findings'] as readonly { rule: string }[])[0]?.rule;
  };
  assert.equal(await ruleOf('Mine', { ...other, kid: 'other' }), 'key-name-exists');
  assert.equal(await ruleOf('Yours', { ...jwk, kid: 'other' }), 'key-exists');
  assert.equal(await ruleOf('Yours', { ...other, kid: 'mine' }), 'key-exists');
  assert.deepEqual(jwkIn(project, 'Mine'), jwk);
});

test('retrieves a certificate from an org', async () => {
  const certificate = pemOf('CERTIFICATE', await createCertificate(keyPair(), valid(365)));
  const meta =
    '<?xml version="1.0" encoding="UTF-8"?>\n<Certificate xmlns="http://soap.sforce.com/2006/04/metadata">\n    <caSigned>false</caSigned>\n    <masterLabel>Signer</masterLabel>\n</Certificate>\n';
  const seed = [
    { path: 'certs/Signer.crt', content: certificate },
    { path: 'certs/Signer.crt-meta.xml', content: meta },
  ];
  const fleet = await startFleet(workspace, { one: { seed } });
  const flags = { verb: 'import', name: 'Signer', setupCertificate: 'Signer' } as const;
  const { exit, shown } = await runKeysCommand(fleet.project, { ...flags, org: ['one'] }, workspace.workers);
  assert.equal(exit, 0, shown);
  assert.equal(jwkIn(fleet.project, 'Signer')['n'], keyPair().publicKey.export({ format: 'jwk' }).n);
  const missing = await runKeysCommand(
    fleet.project,
    { ...flags, name: 'Other', setupCertificate: 'Nothing', org: ['one'] },
    workspace.workers,
  );
  // Exit code 3 would mean that no org was contacted.
  assert.deepEqual([missing.code, missing.exit], ['unknown-component', 1]);
  assert.equal((await runKeysCommand(fleet.project, { ...flags, name: 'Other' })).code, 'invalid-flag');
});
