import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { childText } from '../../local-org/metadata/xml';
import { startTestOrg, type DeployLine } from './client';
import { packageOf } from './package-zip';
import { channelXml, embeddedConfig, keysetXml, PATHS, verifiedChannel } from './samples';

const states = (lines: readonly DeployLine[]) =>
  lines.filter(({ type }) => type).map(({ name, state }) => `${name} ${state}`);

test('the result distinguishes created, unchanged, and changed components', async (t) => {
  const client = await startTestOrg(t);
  const created = await client.deploy(verifiedChannel);
  assert.equal(created.status, 'Succeeded');
  assert.deepEqual(states(created.successes), ['Chat created', 'Chat created', 'Keys created', 'Web created']);
  assert.ok(states((await client.deploy(verifiedChannel)).successes).every((line) => line.endsWith('unchanged')));
  const longer = { ...verifiedChannel, [PATHS.channel]: channelXml(embeddedConfig.replace('>60<', '>120<')) };
  assert.deepEqual(states((await client.deploy(longer)).successes).at(-1), 'Web changed');
});

test('commits nothing if one component is invalid', async (t) => {
  const client = await startTestOrg(t);
  const report = await client.deploy({ ...verifiedChannel, [PATHS.keyset]: keysetXml('', 'Jwks') });
  assert.equal(report.status, 'Failed');
  assert.deepEqual(
    report.failures.map(({ name }) => name),
    ['Keys'],
  );
  assert.equal(client.org.files().size, 0);
});

test('without rollback, commits the valid components that refer to no invalid one', async (t) => {
  const client = await startTestOrg(t);
  const files = { ...verifiedChannel, [PATHS.keyset]: keysetXml('', 'Jwks') };
  const report = await client.deploy(files, { rollbackOnError: false });
  assert.equal(report.status, 'SucceededPartial');
  assert.deepEqual(report.failures.map(({ name }) => name).sort(), ['Keys', 'Web']);
  assert.deepEqual([...client.org.files().keys()].sort(), [PATHS.routing, PATHS.queue].sort());
});

test('a validation checks the package and commits nothing', async (t) => {
  const client = await startTestOrg(t);
  assert.equal((await client.deploy(verifiedChannel, { checkOnly: true })).status, 'Succeeded');
  assert.equal(client.org.files().size, 0);
  assert.deepEqual(
    client.org.log.map(({ kind }) => kind).filter((kind) => kind !== 'login'),
    ['validate'],
  );
});

test('a validation can be deployed without sending it again', async (t) => {
  const client = await startTestOrg(t);
  const validated = await client.submit(verifiedChannel, { checkOnly: true });
  const response = await client.soap(
    `<deployRecentValidation><validationId>${validated}</validationId></deployRecentValidation>`,
  );
  const report = await client.status(childText(response, 'result') ?? '');
  assert.equal(report.status, 'Succeeded');
  assert.ok(client.org.files().has(PATHS.channel));
});

test('rejects a quick deploy without a validation', async (t) => {
  const client = await startTestOrg(t);
  const failed = await client.submit({ [PATHS.keyset]: keysetXml('', 'Jwks') }, { checkOnly: true });
  for (const id of [failed, '0Af000000000000AAA']) {
    await assert.rejects(
      client.soap(`<deployRecentValidation><validationId>${id}</validationId></deployRecentValidation>`),
    );
  }
});

test('a deploy job takes its server time, and the next one waits for it', async (t) => {
  const client = await startTestOrg(t, { latency: { deploy: 500 } });
  const first = await client.submit(verifiedChannel);
  const second = await client.submit({
    ...verifiedChannel,
    [PATHS.channel]: channelXml(embeddedConfig.replace('>60<', '>90<')),
  });
  const pairs: string[] = [];
  while (pairs.at(-1) !== 'Succeeded Succeeded') {
    // The second job is asked first: if it has started, the first one must be done by then.
    const { status } = await client.status(second);
    pairs.push(`${(await client.status(first)).status} ${status}`);
    await sleep(50);
  }
  const allowed = ['InProgress Pending', 'Succeeded Pending', 'Succeeded InProgress', 'Succeeded Succeeded'];
  assert.deepEqual(
    pairs.filter((pair) => !allowed.includes(pair)),
    [],
  );
  assert.match(client.org.files().get(PATHS.channel) ?? '', />90</);
});

test('cancels a waiting deploy job', async (t) => {
  const client = await startTestOrg(t, { latency: { deploy: 5000 } });
  const id = await client.submit(verifiedChannel);
  await client.soap(`<cancelDeploy><String>${id}</String></cancelDeploy>`);
  const report = await client.status(id);
  assert.deepEqual([report.status, report.done], ['Canceled', true]);
  await assert.rejects(client.soap(`<cancelDeploy><String>${id}</String></cancelDeploy>`), /already completed/);
});

test('returns an error for an unknown job ID', async (t) => {
  const client = await startTestOrg(t);
  await assert.rejects(client.status('0Af000000000000AAA'), /INVALID_CROSS_REFERENCE_KEY/);
});

test('deploys, reports, and cancels by REST as by SOAP', async (t) => {
  const client = await startTestOrg(t, { latency: { deploy: 800 } });
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
  await sleep(810);
  const { deployResult } = await poll();
  assert.deepEqual([deployResult['status'], deployResult['numberComponentsDeployed']], ['Succeeded', 4]);
  const cancel = { method: 'PATCH', body: JSON.stringify({ deployResult: { status: 'Canceling' } }) };
  assert.equal((await client.rest(`${path}/${id}`, cancel)).status, 400);
});

test('deploys a recent validation by REST', async (t) => {
  const client = await startTestOrg(t);
  const validatedDeployRequestId = await client.submit(verifiedChannel, { checkOnly: true });
  const body = JSON.stringify({ validatedDeployRequestId });
  const init = { method: 'POST', body, headers: { 'content-type': 'application/json' } };
  assert.equal((await client.rest('/services/data/v67.0/metadata/deployRequest', init)).status, 201);
  assert.ok(client.org.files().has(PATHS.channel));
});

test('a deploy that names a component in another case replaces it, and a reference in another case finds it', async (t) => {
  const client = await startTestOrg(t);
  await client.deploy(verifiedChannel);
  const keyset = keysetXml('<jwksEndPoint>https://other.example.com/jwks</jwksEndPoint>');
  const channel = channelXml(embeddedConfig.replace('>Keys<', '>keys<'));
  const others = Object.fromEntries(Object.entries(verifiedChannel).filter(([path]) => path !== PATHS.keyset));
  const upper = PATHS.keyset.replace('/Keys.', '/KEYS.');
  const report = await client.deploy({ ...others, [upper]: keyset, [PATHS.channel]: channel });
  assert.equal(report.status, 'Succeeded', JSON.stringify(report.failures));
  const keysets = [...client.org.files()].filter(([path]) => path.startsWith('PublicKeyCertificateSet/'));
  assert.deepEqual(keysets, [[PATHS.keyset, keyset]]);
});
