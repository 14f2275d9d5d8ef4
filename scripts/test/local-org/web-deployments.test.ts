import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseWebDeploymentSettings, type WebDeploymentSettings } from '../../local-org/index';
import { startTestOrg, type Client } from './client';
import { deploymentXml, PATHS, verifiedChannel, webDeployment } from './samples';

type TestContext = Parameters<typeof startTestOrg>[0];

/** An org with the channel Web, and the record ID of the channel. */
async function startWithChannel(t: TestContext, webDeployments: Partial<WebDeploymentSettings> = {}) {
  const client = await startTestOrg(t, { webDeployments });
  assert.deepEqual((await client.deploy(verifiedChannel)).failures, []);
  const { records } = await client.query("SELECT Id FROM MessagingChannel WHERE DeveloperName = 'Web'");
  return { client, channelId: String(records[0]?.['Id']) };
}

const setUp = async (client: Client, body: object, version = '67.0') => {
  const path = `/services/data/v${version}/connect/embeddedmessaging/deployment/setup`;
  const response = await client.rest(path, { method: 'POST', body: JSON.stringify(body) });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

const request = (messagingChannelId: string, extra: object = {}): object => ({
  name: 'Shop',
  masterLabel: 'Shop',
  deploymentType: 'Web',
  clientVersion: 'WebV2',
  messagingChannelId,
  ...extra,
});

const namesIn = async (client: Client): Promise<readonly unknown[]> => {
  const { records } = await client.query('SELECT DeveloperName FROM EmbeddedServiceConfig', true);
  return records.map((row) => row['DeveloperName']);
};

describe('a setup request', () => {
  test('creates a chat deployment with a site and a branding set, and publishes it', async (t) => {
    const { client, channelId } = await startWithChannel(t);
    const { status, body } = await setUp(client, request(channelId, { hostDomain: 'shop.example.com' }));
    assert.deepEqual([status, body['isSuccess'], body['isPublishSuccess'], body['errorMsg']], [200, true, true, null]);
    const { records } = await client.query(
      "SELECT Id, SiteId, ClientVersion, Metadata FROM EmbeddedServiceConfig WHERE DeveloperName = 'Shop'",
      true,
    );
    const [row] = records;
    assert.ok(row);
    const { site, branding } = row['Metadata'] as { site: string; branding: string };
    assert.match(site, /^ESW_Shop_\d{13}$/);
    assert.ok(
      client.org.files().has(`sites/${site}.site`) && client.org.files().has(`brandingSets/${branding}.brandingSet`),
    );
    assert.deepEqual([row['Id'], row['ClientVersion']], [body['embeddedServiceDeploymentId'], 'WebV2']);
    const domains = await client.query(
      `SELECT PathPrefix, Domain.Domain FROM DomainSite WHERE SiteId IN ('${String(row['SiteId'])}')`,
    );
    const path = String(domains.records[0]?.['PathPrefix']);
    assert.match(path, /^\/ESWShop\d{13}$/);
    assert.equal((await fetch(`${client.org.url}${path}/assets/js/bootstrap.min.js`)).status, 200);
    const config = await fetch(
      `${client.org.url}/embeddedservice/v1/embedded-service-config?orgId=${client.org.orgId}&esConfigName=Shop`,
    );
    const { embeddedServiceConfig } = (await config.json()) as { embeddedServiceConfig: { siteUrl: string } };
    assert.equal(embeddedServiceConfig.siteUrl, `${client.org.url}${path}`);
  });

  test('fails below API version 67.0, and without a channel', async (t) => {
    const { client, channelId } = await startWithChannel(t);
    assert.equal((await setUp(client, request(channelId), '66.0')).status, 404);
    const { body } = await setUp(client, request('0Mj000000000000'));
    assert.deepEqual([body['isSuccess'], await namesIn(client)], [false, []]);
  });

  const hostDomain = { hostDomain: 'shop.example.com' };
  const second: Readonly<Record<WebDeploymentSettings['repeatedSetup'], readonly unknown[]>> = {
    duplicate: [true, ['Shop', 'Shop_1']],
    rejected: [false, ['Shop']],
  };
  for (const [repeatedSetup, expected] of Object.entries(second))
    test(`has this effect the second time with repeatedSetup=${repeatedSetup}`, async (t) => {
      const { client, channelId } = await startWithChannel(
        t,
        parseWebDeploymentSettings(`repeatedSetup=${repeatedSetup}`),
      );
      await setUp(client, request(channelId));
      const { body } = await setUp(client, request(channelId));
      assert.deepEqual([body['isSuccess'], await namesIn(client)], expected);
    });

  test('needs hostDomain with hostDomain=required, and publishes nothing with setupPublishes=no', async (t) => {
    const settings = { hostDomain: 'required', setupPublishes: 'no' } as const;
    const { client, channelId } = await startWithChannel(t, settings);
    assert.deepEqual((await setUp(client, request(channelId))).body['isSuccess'], false);
    const { body } = await setUp(client, request(channelId, hostDomain));
    assert.deepEqual([body['isSuccess'], body['isPublishSuccess']], [true, false]);
    const config = await fetch(
      `${client.org.url}/embeddedservice/v1/embedded-service-config?orgId=${client.org.orgId}&esConfigName=Shop`,
    );
    assert.equal(config.status, 412);
  });
});

describe('a deploy of a chat deployment of type Web', () => {
  const files = { ...verifiedChannel, ...webDeployment() };
  const renamed = {
    [PATHS.deployment]: (webDeployment()[PATHS.deployment] ?? '').replace('>Web</master', '>New</master'),
  };

  test('creates it with its site, or not, as metadataCreate says', async (t) => {
    const client = await startTestOrg(t);
    assert.deepEqual((await client.deploy(files)).failures, []);
    const strict = await startTestOrg(t, { webDeployments: { metadataCreate: 'never' } });
    assert.match((await strict.deploy(files)).failures[0]?.problem ?? '', /can't create .* type Web/);
  });

  test('updates it, or rejects a file with a site, as metadataUpdate says', async (t) => {
    const client = await startTestOrg(t);
    await client.deploy(files);
    assert.deepEqual((await client.deploy(renamed)).failures, []);
    const strict = await startTestOrg(t, { webDeployments: { metadataUpdate: 'immutable' } });
    await strict.deploy(files);
    assert.match((await strict.deploy(renamed)).failures[0]?.problem ?? '', /site is immutable/);
  });

  test('never changes or removes its site, and keeps names of an old seed', async (t) => {
    const seeded = deploymentXml('Web').replace('</Emb', '<branding>B</branding><site>Gone</site></Emb');
    const client = await startTestOrg(t, { seed: [{ path: PATHS.deployment, content: seeded }] });
    assert.deepEqual((await client.deploy({ ...verifiedChannel, [PATHS.deployment]: seeded })).failures, []);
    for (const changed of [seeded.replace('>Gone<', '>Other<'), seeded.replace('<site>Gone</site>', '')]) {
      const { failures } = await client.deploy({ [PATHS.deployment]: changed });
      assert.match(failures[0]?.problem ?? '', /site is immutable/);
    }
  });
});

describe('an update with the Tooling API', () => {
  const patch = async (client: Client, change: (metadata: Record<string, unknown>) => object) => {
    const { records } = await client.query('SELECT Id, Metadata FROM EmbeddedServiceConfig', true);
    const [row] = records;
    const body = JSON.stringify({ Metadata: change(row?.['Metadata'] as Record<string, unknown>) });
    const path = `/services/data/v67.0/tooling/sobjects/EmbeddedServiceConfig/${String(row?.['Id'])}`;
    return (await client.rest(path, { method: 'PATCH', body })).status;
  };

  test('replaces all fields, empties omitted ones, and rejects another site', async (t) => {
    const client = await startTestOrg(t, { webDeployments: { metadataUpdate: 'immutable' } });
    await client.deploy({ ...verifiedChannel, ...webDeployment() });
    assert.equal(await patch(client, (metadata) => ({ ...metadata, masterLabel: 'R&D' })), 204);
    assert.match(client.org.files().get(PATHS.deployment) ?? '', /<masterLabel>R&#38;D<[^]*<site>ESW_Web_1</);
    assert.equal(await patch(client, ({ isEnabled: _isEnabled, ...rest }) => rest), 204);
    assert.doesNotMatch(client.org.files().get(PATHS.deployment) ?? '', /^ {4}<isEnabled>/m);
    assert.equal(await patch(client, (metadata) => ({ ...metadata, site: 'Other' })), 400);
  });
});

test('rejects unknown settings and values', () => {
  assert.throws(
    () => parseWebDeploymentSettings('metadataUpdates=x'),
    /Unknown setting .*Valid settings: metadataCreate/,
  );
  assert.throws(() => parseWebDeploymentSettings('metadataUpdate=x'), /Valid values: accepted, immutable/);
});
