import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { child, childText } from '../../local-org/metadata/xml';
import { orgFor, packageOf, type DeployLine } from './client';
import {
  channelXml,
  deploymentXml,
  destructive,
  embeddedConfig,
  keysetXml,
  PATHS,
  queueXml,
  verifiedChannel,
} from './samples';

const EMPTY = '<Package xmlns="http://soap.sforce.com/2006/04/metadata"><version>67.0</version></Package>';
const states = (lines: readonly DeployLine[]) =>
  lines.filter(({ type }) => type).map(({ name, state }) => `${name} ${state}`);

test('the result tells created, unchanged and changed apart', async (t) => {
  const client = await orgFor(t);
  const created = await client.deploy(verifiedChannel);
  assert.equal(created.status, 'Succeeded');
  assert.deepEqual(states(created.successes), ['Chat created', 'Chat created', 'Keys created', 'Web created']);
  assert.ok(states((await client.deploy(verifiedChannel)).successes).every((line) => line.endsWith('unchanged')));
  const longer = { ...verifiedChannel, [PATHS.channel]: channelXml(embeddedConfig.replace('>60<', '>120<')) };
  assert.deepEqual(states((await client.deploy(longer)).successes).at(-1), 'Web changed');
});

test('one bad component, and nothing of the package is kept', async (t) => {
  const client = await orgFor(t);
  const report = await client.deploy({ ...verifiedChannel, [PATHS.keyset]: keysetXml('', 'Jwks') });
  assert.equal(report.status, 'Failed');
  assert.deepEqual(
    report.failures.map(({ name }) => name),
    ['Keys'],
  );
  assert.equal(client.org.files().size, 0);
});

test('without rollback the good ones are kept, but none that needs a bad one', async (t) => {
  const client = await orgFor(t);
  const files = { ...verifiedChannel, [PATHS.keyset]: keysetXml('', 'Jwks') };
  const report = await client.deploy(files, { rollbackOnError: false });
  assert.equal(report.status, 'SucceededPartial');
  assert.deepEqual(report.failures.map(({ name }) => name).sort(), ['Keys', 'Web']);
  assert.deepEqual([...client.org.files().keys()].sort(), [PATHS.routing, PATHS.queue].sort());
});

test('a dry run judges and writes nothing', async (t) => {
  const client = await orgFor(t);
  assert.equal((await client.deploy(verifiedChannel, { checkOnly: true })).status, 'Succeeded');
  assert.equal(client.org.files().size, 0);
  assert.deepEqual(
    client.org.log.map(({ kind }) => kind).filter((kind) => kind !== 'login'),
    ['validate'],
  );
});

test('a validation can be deployed without sending it again', async (t) => {
  const client = await orgFor(t);
  const validated = await client.submit(verifiedChannel, { checkOnly: true });
  const answer = await client.soap(
    `<deployRecentValidation><validationId>${validated}</validationId></deployRecentValidation>`,
  );
  const report = await client.status(childText(answer, 'result') ?? '');
  assert.equal(report.status, 'Succeeded');
  assert.ok(client.org.files().has(PATHS.channel));
});

test('what was not validated cannot be quick-deployed', async (t) => {
  const client = await orgFor(t);
  const failed = await client.submit({ [PATHS.keyset]: keysetXml('', 'Jwks') }, { checkOnly: true });
  for (const id of [failed, '0Af000000000000AAA']) {
    await assert.rejects(
      client.soap(`<deployRecentValidation><validationId>${id}</validationId></deployRecentValidation>`),
    );
  }
});

test('a deployment is in progress for its server time, and the next one waits for it', async (t) => {
  const client = await orgFor(t, { latency: { deploy: 150 } });
  const first = await client.submit(verifiedChannel);
  const second = await client.submit({
    ...verifiedChannel,
    [PATHS.channel]: channelXml(embeddedConfig.replace('>60<', '>90<')),
  });
  assert.deepEqual(
    [(await client.status(first)).status, (await client.status(second)).status],
    ['InProgress', 'Pending'],
  );
  assert.equal(client.org.files().size, 0);
  await sleep(160);
  assert.deepEqual(
    [(await client.status(first)).status, (await client.status(second)).status],
    ['Succeeded', 'InProgress'],
  );
  await sleep(160);
  assert.equal((await client.status(second)).status, 'Succeeded');
  assert.match(client.org.files().get(PATHS.channel) ?? '', />90</);
});

test('a deployment that waits can be canceled', async (t) => {
  const client = await orgFor(t, { latency: { deploy: 5000 } });
  const id = await client.submit(verifiedChannel);
  await client.soap(`<cancelDeploy><String>${id}</String></cancelDeploy>`);
  const report = await client.status(id);
  assert.deepEqual([report.status, report.done], ['Canceled', true]);
  await assert.rejects(client.soap(`<cancelDeploy><String>${id}</String></cancelDeploy>`), /already completed/);
});

test('an unknown job is an unknown job', async (t) => {
  const client = await orgFor(t);
  await assert.rejects(client.status('0Af000000000000AAA'), /INVALID_CROSS_REFERENCE_KEY/);
});

test('a component is deleted, and what is not there is only warned about', async (t) => {
  const client = await orgFor(t);
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

test('what is still referred to is not deleted, unless its user goes along or lets it go', async (t) => {
  const client = await orgFor(t);
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

test('a component deleted and made again in one package is another one', async (t) => {
  const client = await orgFor(t);
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
  ['no package.xml', { 'package.txt': '', 'readme.md': '' }, /^No package.xml found$/],
  [
    'an unknown type',
    { 'package.xml': EMPTY.replace('<version>', '<types><members>*</members><name>Nonsense</name></types><version>') },
    /^Unknown type name 'Nonsense' specified in package.xml$/,
  ],
  [
    'a component that is listed and missing',
    { 'package.xml': EMPTY.replace('<version>', '<types><members>Chat</members><name>Queue</name></types><version>') },
    /^An object 'Chat' of type Queue was named in package.xml, but was not found in zipped directory$/,
  ],
  ['a component that is not listed', { 'package.xml': EMPTY, [PATHS.queue]: queueXml }, /^Not in package.xml$/],
  ['a broken package.xml', { 'package.xml': '<Package>' }, /^Error parsing file: /],
] as const) {
  test(`a package with ${what} fails`, async (t) => {
    const client = await orgFor(t);
    const withManifest = Object.hasOwn(files, 'package.xml') ? files : { 'package.xml': '', ...files };
    const report = await client.deploy(what === 'no package.xml' ? { 'package.xml': 'x', ...files } : withManifest);
    assert.equal(report.status, 'Failed');
    if (what !== 'no package.xml')
      assert.ok(
        report.failures.some((line) => problem.test(line.problem ?? '')),
        JSON.stringify(report.failures),
      );
  });
}

test('a zip that is none fails as a deployment, not as a request', async (t) => {
  const client = await orgFor(t);
  const answer = await client.soap('<deploy><ZipFile>bm90IGEgemlw</ZipFile><DeployOptions/></deploy>');
  const report = await client.status(childText(child(answer, 'result'), 'id') ?? '');
  assert.equal(report.status, 'Failed');
  assert.match(report.failures[0]?.problem ?? '', /zip file cannot be read/);
});

test('keys and keysets are unknown types below API 62.0, and a channel loses its embeddedConfig there', async (t) => {
  const client = await orgFor(t);
  const report = await client.deploy({ [PATHS.keyset]: keysetXml() }, {}, '61.0');
  assert.match(report.failures[0]?.problem ?? '', /^Unknown type name 'PublicKeyCertificateSet'/);
  await client.deploy(verifiedChannel);
  assert.equal((await client.deploy({ [PATHS.channel]: channelXml() }, {}, '61.0')).status, 'Succeeded');
  assert.doesNotMatch(client.org.files().get(PATHS.channel) ?? '', /embeddedConfig/);
});

test('a deployment of type Web can be changed, only not created', async (t) => {
  const seed = [{ path: PATHS.deployment, content: deploymentXml('Web') }];
  const client = await orgFor(t, { seed });
  const files = {
    ...verifiedChannel,
    [PATHS.deployment]: deploymentXml('Web').replace(
      '<isEnabled>true</isEnabled>\n    <master',
      '<isEnabled>false</isEnabled>\n    <master',
    ),
  };
  assert.deepEqual((await client.deploy(files)).failures, []);
});

test('REST deploys, reports and cancels like SOAP', async (t) => {
  const client = await orgFor(t, { latency: { deploy: 300 } });
  const form = new FormData();
  form.append(
    'entity_content',
    new Blob([JSON.stringify({ deployOptions: { rollbackOnError: true } })], { type: 'application/json' }),
  );
  form.append(
    'file',
    new Blob([new Uint8Array(packageOf(verifiedChannel))], { type: 'application/zip' }),
    'package.xml',
  );
  const path = '/services/data/v67.0/metadata/deployRequest';
  const submitted = await client.rest(path, { method: 'POST', body: form });
  assert.equal(submitted.status, 201);
  const { id } = (await submitted.json()) as { id: string };
  const poll = async () =>
    (await (await client.rest(`${path}/${id}?includeDetails=true`)).json()) as { deployResult: Record<string, never> };
  assert.equal((await poll()).deployResult['done'], false);
  await sleep(310);
  const { deployResult } = await poll();
  assert.deepEqual([deployResult['status'], deployResult['numberComponentsDeployed']], ['Succeeded', 4]);
  const cancel = { method: 'PATCH', body: JSON.stringify({ deployResult: { status: 'Canceling' } }) };
  assert.equal((await client.rest(`${path}/${id}`, cancel)).status, 400);
});
