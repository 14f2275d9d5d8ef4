import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { writeManifest } from '../../lib/metadata';
import { Sf } from '../../lib/sf';
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
  {
    path: `certs/${name}.crt-meta.xml`,
    content: xml(
      'Certificate',
      `<masterLabel>${name}</masterLabel><privateKeyExportable>${name === 'Apex_live'}</privateKeyExportable>`,
    ),
  },
];

const xml = (type: string, content: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<${type} xmlns="http://soap.sforce.com/2006/04/metadata">${content}</${type}>\n`;

const orgFile = (alias: string, kind: string): object => ({
  orgId: orgIdOf(alias),
  kind,
  channels: ['Web_Chat'],
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

/** Adds components to an org with the plain CLI, by type and name. */
async function deployWithCli(
  alias: string,
  members: readonly (readonly [type: string, name: string])[],
  files: Readonly<Record<string, string>>,
): Promise<void> {
  const sf = new Sf(workspace.workers, '67.0');
  const manifest = writeManifest(new Map(members.map(([type, name]) => [type, [name]])), '67.0');
  const id = await sf.deploy(alias, new Map([['package.xml', manifest], ...Object.entries(files)]));
  assert.ok((await sf.report(alias, id, 1)).success);
}

const CLASS_META = xml('ApexClass', '<apiVersion>67.0</apiVersion><status>Active</status>');

/** An enhanced LWR site, as an org stores it. The product never deploys it. */
const LWR_SITE: readonly SeedFile[] = [
  {
    path: 'networks/Members.network',
    content: xml(
      'Network',
      '<site>Members</site><status>Live</status><urlPathPrefix>membersvforcesite</urlPathPrefix>',
    ),
  },
  {
    path: 'digitalExperienceConfigs/Members1.digitalExperienceConfig',
    content: xml(
      'DigitalExperienceConfig',
      '<label>Members</label><site><urlPathPrefix>members</urlPathPrefix></site><space>site/Members1</space>',
    ),
  },
];

const fileOf = (org: LocalOrg, path: string): string => org.files().get(path) ?? '';

describe('the member site of three orgs', () => {
  let fleet: Fleet;
  let firstRun = '';
  before(async () => {
    const keys = new Map<string, OwnKey>();
    for (const alias of Object.keys(ORGS)) keys.set(alias, await createKey(alias));
    const setups = Object.entries(ORGS).map(([alias, kind]): [string, OrgSetup] => [
      alias,
      { kind, seed: [...(keys.get(alias)?.certificate ?? []), ...LWR_SITE] },
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
    const planned = await fleet.plan();
    assert.equal(planned.exit, 0, 'no changes remain');
    const site = planned.document.findings.filter(({ rule }) => rule === 'member-site-template');
    assert.equal(site.length, Object.keys(ORGS).length);
    assert.match(site[0]?.message ?? '', /can't be verified on Members \(template Build Your Own \(LWR\)\)/);
    const exportable = planned.document.findings.filter(({ rule }) => rule === 'exportable-key');
    assert.deepEqual(
      exportable.map(({ component }) => component),
      ['PublicKeyCertificate:Apex_live'],
    );
    firstRun = latestRunId(fleet);
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

  test('verify, plan, and status read the signer record of the org and report what disagrees', async () => {
    const one = fleet.org('one');
    const signerCheck = async (): Promise<readonly unknown[]> => {
      const { org } = await fleet.run('verify', { org: ['one'] });
      const check = org('one').checks.find(({ name }) => name === 'signer record');
      return [check?.state, check?.detail ?? ''];
    };
    assert.deepEqual(await signerCheck(), ['passed', 'signs as the key Apex_one']);
    const cases = [
      [
        ISSUER('one'),
        'https://other.example.com',
        /has the issuer "https:\/\/other\.example\.com", but the channels of the org trust "https:\/\/id\.one/,
      ],
      ['one-apex', 'other', /has the key ID "other", but the active keys of its keyset have "one-apex"/],
      ['RS256', 'RS512', /has the algorithm RS512, but its key has RS256/],
      ['>Apex_one<', '>Apex_two<', /has the certificate Apex_two, but the org file declares Apex_one/],
      [orgIdOf('one'), orgIdOf('two'), /no signer record for its ID/],
    ] as const;
    const record = fileOf(one, RECORD);
    for (const [from, to, detail] of cases) {
      editInSetup(one, RECORD, from, to);
      const [state, text] = await signerCheck();
      assert.equal(state, 'failed', to);
      assert.match(String(text), detail);
      assert.equal((await fleet.status({ org: ['one'] })).exit, 2, to);
      one.edit(RECORD, () => record);
    }
    const other = record.replace('<label>Default<', '<label>Other<');
    const name = 'Customer_Identity_Setting.Other';
    await deployWithCli('one', [['CustomMetadata', name]], { [`customMetadata/${name}.md`]: other });
    const [state, text] = await signerCheck();
    assert.deepEqual([state, /Default and Other all name this org/.test(String(text))], ['failed', true]);
    const { exit, document, shown } = await fleet.plan({ org: ['one'] });
    assert.equal(exit, 2, shown);
    assert.match(shown, /The signer record Other also has the ID of this org\./);
    assert.ok(document.findings.some(({ rule }) => rule === 'signer-record'));
    const path = RECORD.replace('Default', 'Other');
    editInSetup(one, path, orgIdOf('one'), orgIdOf('live'));
    assert.deepEqual(await signerCheck(), ['passed', 'signs as the key Apex_one']);
    editInSetup(one, path, orgIdOf('live'), orgIdOf('one'));
    const revoked = await fleet.deployAccepted({ org: ['one'] });
    assert.deepEqual([revoked.exit, one.files().has(path)], [0, false], revoked.shown);
    assert.equal((await fleet.run('rollback', { run: latestRunId(fleet) })).exit, 0);
    assert.equal(one.files().has(path), false, 'not restored');
    assert.deepEqual(await signerCheck(), ['passed', 'signs as the key Apex_one']);
  });

  test('verify fails if code or a record that decides for whom Apex signs differs from source, and names it', async () => {
    const one = fleet.org('one');
    const codeCheck = async (): Promise<readonly unknown[]> => {
      const { org } = await fleet.run('verify', { org: ['one'] });
      const check = org('one').checks.find(({ name }) => name === 'signer code');
      others = org('one').checks.find(({ name }) => name === 'other signers');
      return [check?.state, check?.detail.split(' ')[0]];
    };
    let others: { readonly state?: string | undefined; readonly detail: string } | undefined;
    assert.deepEqual(await codeCheck(), ['passed', 'the']);
    assert.equal(others?.state, 'passed', others?.detail);
    await deployWithCli(
      'one',
      [
        ['ApexClass', 'Rogue'],
        ['ExternalCredential', 'Rogue'],
      ],
      {
        'classes/Rogue.cls': 'public class Rogue { Object o = new CustomerIdentityCertificate(null, null); }',
        'classes/Rogue.cls-meta.xml': CLASS_META,
        'externalCredentials/Rogue.externalCredential': xml(
          'ExternalCredential',
          '<authenticationProtocol>Jwt</authenticationProtocol><externalCredentialParameters><certificate>Apex_one</certificate><parameterName>SigningCertificate</parameterName><parameterType>SigningCertificate</parameterType></externalCredentialParameters><label>Rogue</label>',
        ),
      },
    );
    const cases = [
      [CLASS, 'ApexClass:CustomerIdentityToken'],
      ['staticresources/customerIdentity.resource', 'StaticResource:customerIdentity'],
    ] as const;
    for (const [path, component] of cases) {
      const text = fileOf(one, path);
      one.edit(path, () => `${text}\n// changed\n`);
      assert.deepEqual(await codeCheck(), ['failed', component]);
      one.edit(path, () => text);
    }
    assert.equal(others.state, 'failed');
    assert.match(others.detail, /^ApexClass:Rogue and ExternalCredential:Rogue can sign tokens for any customer with/);
    const record = fileOf(one, RECORD);
    editInSetup(one, RECORD, 'FederationIdentifier', 'Title');
    assert.deepEqual(await codeCheck(), ['failed', 'CustomMetadata:Customer_Identity_Setting.Default']);
    one.edit(RECORD, () => record);
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

  test('reports failed and uncovered tests of a production deploy with file and line, and changes nothing', async () => {
    const source = `member-site/main/default/${CLASS}`;
    const live = fleet.org('live');
    fleet.rewrite(source, 'LIFETIME_SECONDS = 300', 'LIFETIME_SECONDS = 3');
    const failure = {
      name: 'CustomerIdentityTokenTest',
      methodName: 'writesFiveClaims',
      message: 'Assertion failed: 300, 3',
      stackTrace: 'Class.CustomerIdentityTokenTest.writesFiveClaims: line 49, column 1',
    };
    live.setApexTests({ passed: 40, failures: [failure] });
    const failed = await fleet.deployAccepted({ org: ['live'] });
    assert.deepEqual(
      [failed.exit, failed.org('live').status, failed.org('live').error?.code],
      [1, 'failed', 'deploy-failed'],
    );
    const test = 'member-site/main/default/classes/CustomerIdentityTokenTest.cls';
    const places = ({ document }: typeof failed) =>
      document.findings
        .filter(({ rule }) => rule.startsWith('apex-'))
        .map(({ rule, file, line }) => [rule, file, line]);
    assert.deepEqual(places(failed), [['apex-test', test, 49]]);
    assert.match(
      failed.org('live').error?.why ?? '',
      /Test\.cls:49: CustomerIdentityTokenTest\.writesFiveClaims failed/,
    );
    const coverage = {
      name: 'CustomerIdentityToken',
      lines: 40,
      uncovered: [30, 31, 32, 20, ...Array.from({ length: 16 }, (_, index) => index + 40)],
    };
    live.setApexTests({ passed: 41, coverage: [coverage] });
    const uncovered = await fleet.deployAccepted({ org: ['live'] });
    assert.deepEqual(places(uncovered), [['apex-coverage', source, 20]]);
    const [finding] = uncovered.document.findings.filter(({ rule }) => rule === 'apex-coverage');
    assert.equal(
      finding?.message,
      'Test coverage of selected Apex Class is 50%, at least 75% test coverage is required. Lines that no test covers: 20, 30-32, 40-55.',
    );
    assert.match(fileOf(live, CLASS), /LIFETIME_SECONDS = 300/);
    live.setApexTests({ passed: 41 });
    assert.equal((await fleet.deployAccepted({ org: ['live'] })).exit, 0);
    assert.match(fileOf(live, CLASS), /LIFETIME_SECONDS = 3;/);
    // A sandbox runs no tests.
    fleet.org('one').setApexTests({ failures: [failure] });
    assert.equal((await fleet.deployAccepted({ org: ['one'] })).exit, 0);
    fleet.rewrite(source, 'LIFETIME_SECONDS = 3;', 'LIFETIME_SECONDS = 300;');
  });

  test('reports a certificate that the org lacks, or that belongs to another key, and sends nothing', async () => {
    const start = fleet.org('two').log.length;
    fleet.configure('two', { ...orgFile('two', 'sandbox'), memberSite: { key: 'Apex_two', certificate: 'Gone' } });
    const missing = await fleet.deployAccepted({ org: ['two'] });
    assert.deepEqual([missing.exit, missing.org('two').error?.code], [1, 'missing-in-org']);
    fleet.configure('two', { ...orgFile('two', 'sandbox'), memberSite: { key: 'Apex_two', certificate: 'Apex_two' } });
    const [certificate] = (await createKey('two')).certificate;
    const previous = fileOf(fleet.org('two'), 'certs/Apex_two.crt');
    fleet.org('two').edit('certs/Apex_two.crt', () => certificate?.content ?? '');
    const other = await fleet.plan({ org: ['two'] });
    assert.deepEqual([other.exit, other.org('two').error?.code], [1, 'certificate-mismatch']);
    assert.deepEqual(writeEvents(fleet.org('two'), start), []);
    fleet.org('two').edit('certs/Apex_two.crt', () => previous);
  });

  test('rolls the first deploy back: the org has no part of the member site any more', async () => {
    const accept = ['disruptive', 'undeclared-trust'];
    const { exit, shown } = await fleet.run('rollback', { run: firstRun, org: ['two'], ignoreConflicts: true, accept });
    assert.equal(exit, 0, shown);
    const left = [...fleet.org('two').files()].filter(([path, text]) =>
      /^(classes|lwc|staticresources|objects|customMetadata|layouts|permissionsets)\/|<fullName>Customer_Identity/.test(
        `${path}\n${text}`,
      ),
    );
    assert.deepEqual(
      left.map(([path]) => path),
      [],
    );
  });
});
