import assert from 'node:assert/strict';
import { test } from 'node:test';
import { child, childText } from '../../local-org/metadata/xml';
import { startTestOrg, type DeployLine } from './client';
import { manifestOf, zipOf } from './package-zip';
import { channelXml, destructive, keysetXml, PATHS, queueXml, verifiedChannel } from './samples';

const EMPTY = '<Package xmlns="http://soap.sforce.com/2006/04/metadata"><version>67.0</version></Package>';
const states = (lines: readonly DeployLine[]) =>
  lines.filter(({ type }) => type).map(({ name, state }) => `${name} ${state}`);

test('deletes a component, and warns about a missing one', async (t) => {
  const client = await startTestOrg(t);
  await client.deploy(verifiedChannel);
  const report = await client.deploy({
    'package.xml': EMPTY,
    'destructiveChangesPost.xml': destructive('MessagingChannel', 'Web', 'Gone'),
  });
  assert.equal(report.status, 'Succeeded');
  assert.ok(!client.org.files().has(PATHS.channel));
  const warning = report.successes.find(({ problemType }) => problemType === 'Warning');
  assert.equal(warning?.problem, 'No MessagingChannel named: Gone found');
  assert.equal(warning?.name, 'destructiveChangesPost.xml');
  assert.ok(states(report.successes).includes('Web deleted'));
});

test('deletes a referenced component only if its referrer is deleted or changed too', async (t) => {
  const client = await startTestOrg(t);
  await client.deploy(verifiedChannel);
  const keyset = { 'package.xml': EMPTY, 'destructiveChanges.xml': destructive('PublicKeyCertificateSet', 'Keys') };
  const refused = await client.deploy(keyset);
  assert.match(refused.failures[0]?.problem ?? '', /referenced elsewhere.*MessagingChannel - Web/);
  const freed = await client.deploy({
    [PATHS.channel]: channelXml('<authMode>UnAuth</authMode>'),
    'destructiveChangesPost.xml': destructive('PublicKeyCertificateSet', 'Keys'),
  });
  assert.deepEqual(freed.failures, []);
});

test('gives a component a new ID if one package deletes and creates it', async (t) => {
  const client = await startTestOrg(t);
  await client.deploy(verifiedChannel);
  const soql = "SELECT Id, IsActive FROM MessagingChannel WHERE DeveloperName = 'Web'";
  const before = (await client.query(soql)).records[0]?.['Id'];
  const report = await client.deploy({
    [PATHS.channel]: channelXml(),
    'destructiveChangesPre.xml': destructive('MessagingChannel', 'Web'),
  });
  assert.ok(states(report.successes).includes('Web created'));
  assert.notEqual((await client.query(soql)).records[0]?.['Id'], before);
});

for (const [what, files, problem] of [
  ['no package.xml', { [PATHS.queue]: queueXml }, 'No package.xml found'],
  [
    'an unknown type',
    { 'package.xml': EMPTY.replace('<version>', '<types><members>*</members><name>Nonsense</name></types><version>') },
    "Unknown type name 'Nonsense' specified in package.xml. If Salesforce has this type, it is not supported by the local org.",
  ],
  [
    'a component that is listed and missing',
    { 'package.xml': EMPTY.replace('<version>', '<types><members>Chat</members><name>Queue</name></types><version>') },
    "An object 'Chat' of type Queue was named in package.xml, but was not found in zipped directory",
  ],
  ['a component that is not listed', { 'package.xml': EMPTY, [PATHS.queue]: queueXml }, 'Not in package.xml'],
  ['a broken package.xml', { 'package.xml': '<Package>' }, 'Error parsing file: unclosed xml tag(s): Package'],
] as const) {
  test(`rejects a package with ${what}`, async (t) => {
    const client = await startTestOrg(t);
    const report = await client.status(await client.submitZip(zipOf(files)));
    assert.equal(report.status, 'Failed');
    assert.ok(
      report.failures.some((line) => line.problem === problem),
      JSON.stringify(report.failures),
    );
    assert.equal(client.org.files().size, 0);
  });
}

test('accepts a package in a folder of the zip, as the CLI creates it', async (t) => {
  const client = await startTestOrg(t);
  const contents = { 'package.xml': manifestOf(verifiedChannel), ...verifiedChannel };
  const inFolder = Object.fromEntries(Object.entries(contents).map(([path, text]) => [`zip/${path}`, text]));
  assert.equal((await client.status(await client.submitZip(zipOf(inFolder)))).status, 'Succeeded');
  assert.ok(client.org.files().has(PATHS.channel));
});

test('reports an invalid zip in the deploy result, not in the response to the request', async (t) => {
  const client = await startTestOrg(t);
  const response = await client.soap('<deploy><ZipFile>bm90IGEgemlw</ZipFile><DeployOptions/></deploy>');
  const report = await client.status(childText(child(response, 'result'), 'id') ?? '');
  assert.equal(report.status, 'Failed');
  assert.match(report.failures[0]?.problem ?? '', /zip file can't be read/);
});

test('rejects keys and keysets below API 62.0, and drops embeddedConfig of a channel', async (t) => {
  const client = await startTestOrg(t);
  const report = await client.deploy({ [PATHS.keyset]: keysetXml() }, {}, '61.0');
  assert.match(report.failures[0]?.problem ?? '', /^Unknown type name 'PublicKeyCertificateSet'/);
  await client.deploy(verifiedChannel);
  assert.equal((await client.deploy({ [PATHS.channel]: channelXml() }, {}, '61.0')).status, 'Succeeded');
  assert.doesNotMatch(client.org.files().get(PATHS.channel) ?? '', /embeddedConfig/);
});
