import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startLocalOrg, type LocalOrg } from '../../local-org/index';
import { Client, loginKey, logIn } from './client';
import { typesXml, zipOf, type Files } from './package-zip';
import * as sample from './samples';
import { PATHS } from './samples';
import { assertPart } from './support-table';

/*
 * Deploys that fail, with what an org reports if a public log or Salesforce's own text shows it. A test compares the local org with
 * it and writes the table of README.md.
 */
interface BrokenDeploy {
  readonly what: string;
  readonly files: Files;
  /** without a manifest: one that lists the files */
  readonly manifest?: string;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly version?: string;
  /** what an org reports, as a pattern; undefined: not known */
  readonly salesforce?: RegExp;
  readonly source?: string;
}

const issue = (repository: string, number: number): string =>
  `[${repository}#${number}](https://github.com/${repository}/issues/${number})`;
const HARDIS =
  '[deployTipsList of sfdx-hardis](https://github.com/hardisgroupcom/sfdx-hardis/blob/main/src/common/utils/deployTipsList.ts)';
const SDR = '[source-deploy-retrieve](https://github.com/forcedotcom/source-deploy-retrieve), deployMessages';
const SKILLS = '[Salesforce playbooks](https://github.com/forcedotcom/sf-skills)';

const META = 'http://soap.sforce.com/2006/04/metadata';
const xml = (type: string, content: string): string => `<${type} xmlns="${META}">${content}</${type}>`;
const manifest = (...types: readonly string[]): string => xml('Package', `${types.join('')}<version>67.0</version>`);
const queue = { [PATHS.routing]: sample.routingXml, [PATHS.queue]: sample.queueXml };
const classXml = xml('ApexClass', '<apiVersion>67.0</apiVersion><status>Active</status>');
const apex = (content: string): Files => ({ 'classes/Signer.cls': content, 'classes/Signer.cls-meta.xml': classXml });
const deletion = (type: string, name: string): Files => ({
  'destructiveChanges.xml': manifest(typesXml(type, [name])),
});
const channel = (change: (text: string) => string): Files => ({
  ...sample.verifiedChannel,
  [PATHS.channel]: change(sample.channelXml()),
});

const BROKEN: readonly BrokenDeploy[] = [
  {
    what: 'package.xml lists a component without a file',
    files: queue,
    manifest: manifest(typesXml('Queue', ['Chat', 'Other']), typesXml('QueueRoutingConfig', ['Chat'])),
    salesforce: /^An object 'Other' of type Queue was named in package\.xml, but was not found in zipped directory$/,
    source: issue('forcedotcom/cli', 2182),
  },
  {
    what: 'package.xml does not list a file',
    files: queue,
    manifest: manifest(typesXml('QueueRoutingConfig', ['Chat'])),
    salesforce: /^Not in package\.xml$/,
    source: issue('hicham-elmansouri/SFRelatedListEditor', 16),
  },
  {
    what: 'the zip has no package.xml',
    files: queue,
    manifest: '',
    salesforce: /^No package\.xml found$/,
    source: issue('forcedotcom/CustomMetadataLoader', 34),
  },
  {
    what: 'package.xml lists an unknown type',
    files: queue,
    manifest: manifest(
      typesXml('Queues', ['Chat']),
      typesXml('Queue', ['Chat']),
      typesXml('QueueRoutingConfig', ['Chat']),
    ),
    salesforce: /^Unknown type name 'Queues' specified in package\.xml/,
    source: issue('forcedotcom/cli', 866),
  },
  {
    what: 'a file contains an element that the type does not have',
    files: { [PATHS.routing]: sample.routingXml.replace('<label>', '<fields/><label>') },
    salesforce: /^Error parsing file: Element \{http:\S+\}fields invalid at this location in type QueueRoutingConfig/,
    source: issue('forcedotcom/cli', 3275),
  },
  {
    what: 'a file is not XML',
    files: { [PATHS.routing]: '# Routing' },
    salesforce: /^Error parsing file: Content is not allowed in prolog\./,
    source: issue('apex-enterprise-patterns/fflib-apex-mocks', 84),
  },
  {
    what: 'a file has a text for a number',
    files: { [PATHS.routing]: sample.routingXml.replace(/<routingPriority>\d+</, '<routingPriority>high<') },
    salesforce: /^Error parsing file: 'high' is not a valid value for the type xsd:int/,
    source: issue('forcedotcom/cli', 3198),
  },
  {
    what: 'a file has a value that the enumeration does not have',
    files: { [PATHS.keyset]: sample.keysetXml('', 'Jwks') },
    salesforce: /'Jwks' is not a valid value for the enum 'PublicKeyCertificateSetType'/,
    source: issue('ForceCLI/force', 457),
  },
  {
    what: 'a file lacks a required element',
    files: { [PATHS.keyset]: sample.keysetXml().replace(/.*masterLabel.*\n/, '') },
    salesforce: /^Required field is missing: masterLabel$/,
    source: issue('SFDO-Tooling/CumulusCI', 695),
  },
  {
    what: 'a queue names a routing configuration that does not exist',
    files: { [PATHS.queue]: sample.queueXml },
    salesforce: /^In field: \w+ - no QueueRoutingConfig named Chat found$/,
    source: HARDIS,
  },
  {
    what: 'a channel names a keyset that does not exist',
    files: channel((text) => text.replace('>Keys<', '>Nowhere<')),
    salesforce: /^Required fields are missing: \[AuthorizationConfigId\]$/,
    source: issue('scolladon/sfdx-git-delta', 1035),
  },
  {
    what: 'a keyset of keys has an endpoint',
    files: { [PATHS.keyset]: sample.keysetXml('<jwksEndPoint>https://id.example.com/jwks</jwksEndPoint>', 'JWKS') },
    salesforce: /^You can't configure JWKS_URL when the key type selected is JWKS_KEY\.$/,
    source: SKILLS,
  },
  {
    what: 'Session-Based Chat with user verification',
    files: channel((text) =>
      text.replace('<masterLabel>', '<isSynchronousChatEnabled>true</isSynchronousChatEnabled><masterLabel>'),
    ),
    salesforce: /^You can't enable Session-Based Chat for verified users/,
    source: '[Help](https://help.salesforce.com/s/articleView?id=service.miaw_session_based_chat.htm)',
  },
  {
    what: 'a deletion of a component in use',
    files: deletion('QueueRoutingConfig', 'Used'),
    salesforce: /^This .+ is referenced elsewhere in salesforce\.com/,
    source: HARDIS,
  },
  {
    what: 'a deletion of a component that does not exist (a warning)',
    files: deletion('ApexClass', 'test1'),
    salesforce: /^No ApexClass named: test1 found$/,
    source: SDR,
  },
  {
    what: 'RunSpecifiedTests without tests (a fault)',
    files: queue,
    options: { testLevel: 'RunSpecifiedTests' },
    salesforce: /^INVALID_OPERATION: runTests must not be empty when a testLevel of RunSpecifiedTests is used$/,
    source: issue('xjsender/haoide', 138),
  },
  {
    what: 'Apex with an unknown type',
    files: apex('public class Signer { Nope n; }'),
    salesforce: /^Invalid type: Nope/,
    source: HARDIS,
  },
  {
    what: 'another change has locked the setup of the org (`--fault deploy.submit:busy`)',
    files: queue,
    options: { fault: 'deploy.submit:busy' },
    salesforce:
      /The changes you requested require salesforce\.com to temporarily lock your organization's administration setup/,
    source: issue('RoseSilverSoftware/IlluminatedCloud', 330),
  },
  {
    what: 'a row is locked (`--fault deploy.submit:row-lock`)',
    files: queue,
    options: { fault: 'deploy.submit:row-lock' },
    salesforce: /UNABLE_TO_LOCK_ROW: unable to obtain exclusive access to this record/,
    source: issue('RoseSilverSoftware/IlluminatedCloud', 1539),
  },
  { what: "package.xml with an API version above the org's", files: queue, version: '88.0' },
  { what: 'an unknown test class', files: queue, options: { testLevel: 'RunSpecifiedTests', runTests: 'Nope' } },
  {
    what: 'a key without a certificate',
    files: { [PATHS.key]: sample.keyXml({ kty: 'RSA', kid: '1', alg: 'RS256', use: 'sig', n: 'x', e: 'AQAB' }) },
  },
  {
    what: 'a keyset of type JWKS_URL without an endpoint',
    files: { [PATHS.keyset]: sample.keysetXml('', 'JWKS_URL') },
  },
  {
    what: 'an origin that is not an HTTPS URL',
    files: { [PATHS.origin]: sample.originXml('ftp://shop.example.com') },
  },
  {
    what: 'a channel whose queue does not take messaging sessions',
    files: { ...channel((text) => text), [PATHS.queue]: sample.queueXml.replace('MessagingSession', 'Case') },
  },
];

let org: LocalOrg;
let client: Client;

before(async () => {
  org = await startLocalOrg({ alias: 'dev', kind: 'sandbox', port: 0, loginKey });
  client = new Client(org, await logIn(org));
  // A queue uses the routing configuration that a deploy tries to delete.
  const rename = (text: string): string => text.replaceAll('>Chat<', '>Used<');
  await client.deploy({
    'queueRoutingConfigs/Used.queueRoutingConfig': rename(sample.routingXml),
    'queues/Used.queue': rename(sample.queueXml),
  });
});
after(() => org.close());

/** Returns what the local org reports: the problem of the first message, the first warning of the tests, or the fault. */
async function report({ files, manifest: listed, options = {}, version = '67.0' }: BrokenDeploy): Promise<string> {
  const { fault, ...deployOptions } = options;
  org.setFaults(typeof fault === 'string' ? fault : '');
  try {
    const named = listed === undefined ? files : { ...files, ...(listed && { 'package.xml': listed }) };
    if (listed === '') return await problemOf(await client.submitZip(zipOf(named)));
    const only = Object.keys(named).every((path) => path === 'destructiveChanges.xml');
    const all = only ? { ...named, 'package.xml': manifest() } : named;
    return await problemOf(await client.submit(all, deployOptions, version));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    org.setFaults('');
  }
}

async function problemOf(id: string): Promise<string> {
  const { status, failures, successes } = await client.status(id);
  const warning = successes.find(({ problem }) => problem !== undefined)?.problem;
  return failures[0]?.problem ?? warning ?? `(${status})`;
}

const rows: string[] = [];
let same = 0;

for (const broken of BROKEN)
  test(`reports ${broken.what}`, async () => {
    const reported = await report(broken);
    const { what, salesforce, source } = broken;
    const isSame = salesforce?.test(reported) ?? false;
    if (isSame) same += 1;
    const verdict = salesforce ? (isSame ? 'the same' : 'another') : 'not known';
    rows.push(
      `| ${what} | ${reported.replaceAll('|', '\\|').replaceAll('<', '&lt;')} | ${verdict} | ${source ?? '-'} |`,
    );
    assert.ok(reported.length > 0);
  });

test('README.md compares broken deploys with what orgs report', () => {
  const known = BROKEN.filter(({ salesforce }) => salesforce).length;
  const share = `What an org reports is known for ${known} of these ${BROKEN.length} deploys. The local org reports the same in ${same} of the ${known}.`;
  const head = '| deploy | what the local org reports | text of an org | source |\n| --- | --- | --- | --- |';
  return assertPart('broken-deploys', [share, '', head, ...rows].join('\n'));
});
