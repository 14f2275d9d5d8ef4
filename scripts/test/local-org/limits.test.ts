import assert from 'node:assert/strict';
import { test } from 'node:test';
import { child, childText, children } from '../../local-org/metadata/xml';
import { startTestOrg } from './client';
import { PATHS, queueXml, routingXml } from './samples';

/** What Salesforce rejects and incorrect code would like to do. */

const queries = (...types: readonly string[]): string =>
  `<listMetadata>${types.map((type) => `<queries><type>${type}</type></queries>`).join('')}</listMetadata>`;

test('lists up to three types in a call', async (t) => {
  const client = await startTestOrg(t);
  await client.soap(queries('Queue', 'Flow', 'Bot'));
  await assert.rejects(client.soap(queries('Queue', 'Flow', 'Bot', 'Network')), /^Error: EXCEEDED_ID_LIMIT: /);
});

test('rejects an API version that the org does not have, in a path, an envelope, and a package', async (t) => {
  const client = await startTestOrg(t);
  assert.equal((await client.rest('/services/data/v68.0/sobjects')).status, 404);
  await assert.rejects(client.soap(queries('Queue'), '99.0'), /UNSUPPORTED_API_VERSION: Invalid Api version specified/);
  const { status, failures } = await client.deploy({ [PATHS.routing]: routingXml }, {}, '88.0');
  assert.deepEqual([status, failures[0]?.problem], ['Failed', 'Invalid api version:88.0']);
});

test('fails to retrieve a package that does not exist', async (t) => {
  const client = await startTestOrg(t);
  const request =
    '<retrieve><request><apiVersion>67.0</apiVersion><packageNames>Nope</packageNames></request></retrieve>';
  const id = childText(child(await client.soap(request), 'result'), 'id') ?? '';
  const result = child(await client.retrieveStatus(id), 'result');
  assert.deepEqual(
    ['status', 'success', 'errorMessage'].map((name) => childText(result, name)),
    ['Failed', 'false', "INVALID_CROSS_REFERENCE_KEY: No package named 'Nope' found"],
  );
});

test('rejects RunSpecifiedTests without tests, and fails a deploy with an unknown test', async (t) => {
  const client = await startTestOrg(t);
  const files = { [PATHS.routing]: routingXml };
  await assert.rejects(client.deploy(files, { testLevel: 'RunSpecifiedTests' }), /runTests must not be empty/);
  const { status } = await client.deploy(files, { testLevel: 'RunSpecifiedTests', runTests: 'NoSuchTest' });
  assert.equal(status, 'Failed');
});

test('reports the ID of each component that a deploy creates, changes, or leaves', async (t) => {
  const client = await startTestOrg(t);
  const idsOf = async (): Promise<(string | undefined)[]> => {
    const id = await client.submit({ [PATHS.routing]: routingXml, [PATHS.queue]: queueXml });
    const content = `<checkDeployStatus><asyncProcessId>${id}</asyncProcessId><includeDetails>true</includeDetails></checkDeployStatus>`;
    const details = child(child(await client.soap(content), 'result'), 'details');
    const components = children(details, 'componentSuccesses').filter((each) => childText(each, 'componentType'));
    return components.map((each) => childText(each, 'id'));
  };
  const created = await idsOf();
  assert.ok(created.length === 2 && created.every((id) => id?.length === 18), String(created));
  assert.deepEqual(await idsOf(), created);
});
