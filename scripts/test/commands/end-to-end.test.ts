/** Combines `deploy`, `token-server`, and `client-kit` as a team uses them. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { sdkConfigFile } from '../../lib/client-kit/ios-source';
import { channelConnections } from '../../lib/client-kit/channel-connection';
import { readOrgFacts } from '../../lib/client-kit/org-facts';
import { loadProject } from '../../lib/project';
import { Sf } from '../../lib/sf';
import { discoverProvider } from '../../lib/keys';
import { createTokenEndpoint, createDemoSessions, createSigner } from '../../lib/token-server';
import { createTokenExchange } from '../../lib/token-server/exchange';
import { readSigningKey } from '../../lib/token-server/private-key';
import { resolveSignerSettings } from '../../lib/token-server/settings';
import type { Signer } from '../../lib/token-server/signer';
import { runKeysCommand } from '../commands-keys/run-keys-command';
import { logIn } from '../lib/token-server/oidc-client';
import { CLIENT, startOidcProvider } from '../lib/token-server/oidc-provider';
import { cookieIn, tokenIn } from '../lib/token-server/test-endpoint';
import { startFleet, type Fleet } from './fleet';
import { shareWorkspace } from './workspace';

const workspace = shareWorkspace();
const PAGE = 'https://shop.example.com';

/** An org with a managed key, and with deployed and published channels. */
async function deployWithKey(): Promise<{
  readonly fleet: Fleet;
  readonly keyFile: string;
  readonly configs: readonly ConfigFile[];
}> {
  const fleet = await startFleet(workspace, { one: {} });
  const keyFile = join(workspace.folder, 'signing.pem');
  const made = await runKeysCommand(fleet.project, { verb: 'new', name: 'Signing', privateKey: keyFile, alg: 'RS512' });
  assert.equal(made.exit, 0, made.shown);
  const keyset = { publicKeyCertificateSetKeys: [{ publicKeyCertificate: 'Signing' }] };
  const overrides = { PublicKeyCertificateSet: { Customer_Identity: keyset } };
  const { orgId } = JSON.parse(readFileSync(join(fleet.project, 'config/orgs/one.json'), 'utf8')) as { orgId: string };
  fleet.configure('one', { orgId, kind: 'sandbox', channels: ['Web_Chat', 'Mobile_Chat'], overrides });
  assert.equal((await fleet.deployAccepted({ publish: true })).exit, 0);
  return { fleet, keyFile, configs: await configFilesOf(fleet) };
}

/** configFile.json of each channel, from the client kit. */
async function configFilesOf({ project }: Fleet): Promise<readonly ConfigFile[]> {
  const { orgs, apiVersion } = loadProject(project, { orgs: ['one'] }, new Date());
  const desired = orgs[0] ?? assert.fail('no org');
  const live = await readOrgFacts(new Sf(workspace.workers, apiVersion), desired);
  return channelConnections(desired, live).map((each) => JSON.parse(sdkConfigFile(each)) as ConfigFile);
}

async function signerOf({ project }: Fleet, keyFile: string): Promise<Signer> {
  const privateKey = await readSigningKey({ privateKey: keyFile });
  return createSigner({ privateKey, ...resolveSignerSettings(privateKey, { org: ['one'], project }) });
}

/** Requests an identity token from the reference endpoint, with the issuer and kid of the org's desired state. */
async function requestToken(signer: Signer, customer: string): Promise<string> {
  const sessions = createDemoSessions();
  const cookie = cookieIn(sessions.open(customer));
  const endpoint = createTokenEndpoint({ signer, sessions, origins: [PAGE] });
  return tokenIn(
    await endpoint({ method: 'POST', path: '/token', headers: { origin: PAGE, 'x-requested-with': 'test', cookie } }),
  );
}

/** Properties of configFile.json that the mobile SDKs read. */
interface ConfigFile {
  readonly OrganizationId: string;
  readonly DeveloperName: string;
  readonly Url: string;
}

/** Exchanges a token as the mobile SDKs do (v1 of the Enhanced Chat API), with the URL and names of configFile.json. */
const exchange = ({ Url, OrganizationId: orgId, DeveloperName: developerName }: ConfigFile, token: string) =>
  fetch(`${Url}/iamessage/v1/authorization/authenticated/accessToken`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({
      orgId,
      developerName,
      capabilitiesVersion: '260',
      authorizationType: 'JWT',
      customerIdentityToken: token,
    }),
  });

let deployed: Awaited<ReturnType<typeof deployWithKey>>;
before(async () => {
  deployed = await deployWithKey();
});

/** The customer of the last token that the org exchanged. */
const lastExchange = (): string =>
  JSON.stringify(
    deployed.fleet
      .org('one')
      .log.filter(({ kind }) => kind === 'exchange')
      .at(-1),
  );

test('verifies a token of the reference endpoint with the URL and names of the client kit', async () => {
  const { fleet, keyFile, configs } = deployed;
  assert.equal(configs.length, 2);
  const signer = await signerOf(fleet, keyFile);
  for (const config of configs) {
    const customer = `Zoë of ${config.DeveloperName}`;
    const answer = await exchange(config, await requestToken(signer, customer));
    assert.equal(answer.status, 200, await answer.text());
    assert.match(lastExchange(), new RegExp(`AUTH/Customer/uid:${customer}`));
  }
});

test('verifies customers of an identity provider, also while the provider rotates its key', async (t) => {
  // oidc-provider warns about settings that only matter in production.
  for (const method of ['info', 'warn'] as const) t.mock.method(console, method, () => undefined);
  const { fleet, keyFile, configs } = deployed;
  const config = configs[0] ?? assert.fail('no channel');
  const provider = await startOidcProvider();
  t.after(() => provider.close());
  provider.useKeys('first');
  const { issuer, jwksUri } = await discoverProvider(provider.issuer, { allowLoopback: true });
  const endpoint = createTokenEndpoint({
    signer: await signerOf(fleet, keyFile),
    sessions: createDemoSessions(),
    origins: [PAGE],
    exchange: createTokenExchange({ issuer, jwksUri, audience: CLIENT.id, allowLoopback: true, cooldownMs: 0 }),
  });
  const chatAs = async (customer: string): Promise<void> => {
    const authorization = `Bearer ${await logIn(issuer, CLIENT, customer)}`;
    const headers = { origin: PAGE, 'x-requested-with': 'test', authorization };
    const token = tokenIn(await endpoint({ method: 'POST', path: '/token', headers }));
    assert.equal((await exchange(config, token)).status, 200);
    assert.match(lastExchange(), new RegExp(`AUTH/Customer/uid:${customer}`));
  };
  await chatAs('alice');
  provider.useKeys('second', 'first');
  await chatAs('alice');
  provider.useKeys('second');
  await chatAs('bob');
});
