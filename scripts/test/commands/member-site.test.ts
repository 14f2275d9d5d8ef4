import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { orgIdOf, type LocalOrg, type SeedFile } from '../../local-org/index';
import { uploadedKey } from '../local-org/certificates';
import { editInSetup, startFleet, writeEvents, type Fleet, type OrgSetup } from './fleet';
import { latestRunId } from './run-helpers';
import { shareWorkspace } from './workspace';

const workspace = shareWorkspace();
const ORGS = { one: 'sandbox', two: 'sandbox', live: 'production' } as const;
const ISSUER = (alias: string): string => `https://id.${alias}.example.com`;
const CLASS = 'classes/CustomerIdentityToken.cls';
const RECORD = 'customMetadata/Customer_Identity_Setting.Default.md';

interface OwnKey {
  readonly jwk: Readonly<Record<string, unknown>>;
  readonly certificate: readonly SeedFile[];
}

/** The key pair of an org: the certificate in Setup, and the JSON web key with its kid. */
async function createKey(alias: string): Promise<OwnKey> {
  const jwk = { ...(await uploadedKey()), kid: `${alias}-apex` };
  return { jwk, certificate: certificateFiles(`Apex_${alias}`, (jwk as unknown as { x5c: string[] }).x5c[0] ?? '') };
}

const certificateFiles = (name: string, der: string): readonly SeedFile[] => [
  { path: `certs/${name}.crt`, content: `-----BEGIN CERTIFICATE-----\n${der}\n-----END CERTIFICATE-----\n` },
  { path: `certs/${name}.crt-meta.xml`, content: xml('Certificate', `<masterLabel>${name}</masterLabel>`) },
];

const xml = (type: string, content: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<${type} xmlns="http://soap.sforce.com/2006/04/metadata">${content}</${type}>\n`;

const orgFile = (alias: string, kind: string): object => ({
  ...{ orgId: orgIdOf(alias), kind, channels: ['Web_Chat'] },
  memberSite: { key: `Apex_${alias}`, certificate: `Apex_${alias}` },
  overrides: {
    PublicKeyCertificateSet: {
      Customer_Identity: {
        jwtIssuer: ISSUER(alias),
        publicKeyCertificateSetKeys: [{ publicKeyCertificate: `Apex_${alias}` }],
      },
    },
  },
});

function writeKey({ project }: Fleet, alias: string, { jwk }: OwnKey): void {
  const content = `<isActive>true</isActive><jsonWebKey>${JSON.stringify(jwk)}</jsonWebKey><masterLabel>Apex</masterLabel>`;
  const file = `force-app/main/default/PublicKeyCertificate/Apex_${alias}.PublicKeyCertificate-meta.xml`;
  writeFileSync(join(project, file), xml('PublicKeyCertificate', content));
}

/** The value of a field of the signer record in an org. */
const recordValue = (org: LocalOrg, field: string): string | undefined =>
  new RegExp(`<field>${field}</field>\\s*<value[^>]*>([^<]*)<`).exec(org.files().get(RECORD) ?? '')?.[1];

const fileOf = (org: LocalOrg, path: string): string => org.files().get(path) ?? '';

describe('the member site of three orgs', () => {
  let fleet: Fleet;
  before(async () => {
    const keys = new Map<string, OwnKey>();
    for (const alias of Object.keys(ORGS)) keys.set(alias, await createKey(alias));
    const setups = Object.entries(ORGS).map(([alias, kind]): [string, OrgSetup] => [
      alias,
      { kind, seed: keys.get(alias)?.certificate ?? [] },
    ]);
    fleet = await startFleet(workspace, Object.fromEntries(setups));
    for (const [alias, kind] of Object.entries(ORGS)) {
      fleet.configure(alias, orgFile(alias, kind));
      writeKey(fleet, alias, keys.get(alias) ?? assert.fail());
    }
  });

  test('deploys Apex, the component, and a signer record with the values of each org in one job', async () => {
    const { exit, org, shown } = await fleet.deployAccepted();
    assert.equal(exit, 0, shown);
    for (const alias of Object.keys(ORGS)) {
      const live = fleet.org(alias);
      assert.deepEqual(
        ['Org_Id__c', 'Issuer__c', 'Key_Id__c', 'Algorithm__c', 'Certificate__c'].map((field) =>
          recordValue(live, field),
        ),
        [orgIdOf(alias), ISSUER(alias), `${alias}-apex`, 'RS256', `Apex_${alias}`],
      );
      assert.match(fileOf(live, CLASS), /class CustomerIdentityToken/);
      assert.match(fileOf(live, 'lwc/customerIdentity/attempts.js'), /export/);
      assert.match(fileOf(live, 'labels/CustomLabels.labels'), /Customer_Identity/);
      assert.match(fileOf(live, 'objects/Customer_Identity_Setting__mdt.object'), /<fullName>Org_Id__c</);
      assert.equal(org(alias).deployIds.length, 1, 'one transaction');
    }
    assert.equal((await fleet.plan()).exit, 0, 'no changes remain');
  });

  test('detects a changed class in one org, and repairs only that class', async () => {
    editInSetup(fleet.org('two'), CLASS, 'LIFETIME_SECONDS = 300', 'LIFETIME_SECONDS = 86400');
    const { exit, org, shown } = await fleet.status();
    assert.deepEqual([exit, org('one').status, org('two').status], [2, 'unchanged', 'planned'], shown);
    const [change, ...others] = org('two').changes;
    assert.deepEqual([others.length, change?.component], [0, 'ApexClass:CustomerIdentityToken']);
    assert.match(change?.path ?? '', /^files\[CustomerIdentityToken\.cls\]\.content$/);
    const start = fleet.org('two').log.length;
    assert.equal((await fleet.deployAccepted()).exit, 0);
    assert.match(fileOf(fleet.org('two'), CLASS), /LIFETIME_SECONDS = 300/);
    assert.equal(writeEvents(fleet.org('two'), start).length, 1);
    const crlf = fileOf(fleet.org('two'), CLASS).replaceAll('\n', '\r\n');
    fleet.org('two').edit(CLASS, () => crlf);
    assert.equal((await fleet.plan()).exit, 0, 'line endings are no difference');
  });

  test('reports an issuer that was changed in the signer record of the org', async () => {
    editInSetup(fleet.org('one'), RECORD, ISSUER('one'), 'https://other.example.com');
    const { exit, org } = await fleet.plan({ org: ['one'] });
    assert.deepEqual([exit, org('one').changes.map(({ path }) => path)], [2, ['values[Issuer__c].value']]);
    assert.equal((await fleet.deployAccepted({ org: ['one'] })).exit, 0);
    assert.equal(recordValue(fleet.org('one'), 'Issuer__c'), ISSUER('one'));
  });

  test('restores the previous class with a rollback', async () => {
    const source = `member-site/main/default/${CLASS}`;
    const previous = fileOf(fleet.org('one'), CLASS);
    fleet.rewrite(source, 'LIFETIME_SECONDS = 300', 'LIFETIME_SECONDS = 240');
    assert.equal((await fleet.deployAccepted({ org: ['one'] })).exit, 0);
    assert.match(fileOf(fleet.org('one'), CLASS), /LIFETIME_SECONDS = 240/);
    const { exit, shown } = await fleet.run('rollback', { run: latestRunId(fleet) });
    assert.equal(exit, 0, shown);
    assert.equal(fileOf(fleet.org('one'), CLASS), previous);
    fleet.rewrite(source, 'LIFETIME_SECONDS = 240', 'LIFETIME_SECONDS = 300');
  });
});
