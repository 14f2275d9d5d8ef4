/** Combines `deploy`, `token-server`, and `client-kit` as a team uses them. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { sdkConfigFile } from '../../lib/client-kit/ios-source';
import { channelConnections } from '../../lib/client-kit/channel-connection';
import { readOrgFacts } from '../../lib/client-kit/org-facts';
import { loadProject } from '../../lib/project';
import { Sf } from '../../lib/sf';
import { createTokenEndpoint, createDemoSessions, createSigner } from '../../lib/token-server';
import { readSigningKey } from '../../lib/token-server/private-key';
import { resolveSignerSettings } from '../../lib/token-server/settings';
import { runKeysCommand } from '../commands-keys/run-keys-command';
import { cookieIn, tokenIn } from '../lib/token-server/test-endpoint';
import { startFleet, type Fleet } from './fleet';
import { shareWorkspace } from './workspace';

const workspace = shareWorkspace();
const PAGE = 'https://shop.example.com';

/** An org with a managed key, and with deployed and published channels. */
async function deployWithKey(): Promise<{ readonly fleet: Fleet; readonly keyFile: string }> {
  const fleet = await startFleet(workspace, { one: {} });
  const keyFile = join(workspace.folder, 'signing.pem');
  const made = await runKeysCommand(fleet.project, { verb: 'new', name: 'Signing', privateKey: keyFile, alg: 'RS512' });
  assert.equal(made.exit, 0, made.shown);
  const keyset = { publicKeyCertificateSetKeys: [{ publicKeyCertificate: 'Signing' }] };
  const overrides = { PublicKeyCertificateSet: { Customer_Identity: keyset } };
  const { orgId } = JSON.parse(readFileSync(join(fleet.project, 'config/orgs/one.json'), 'utf8')) as { orgId: string };
  fleet.configure('one', { orgId, kind: 'sandbox', channels: ['Web_Chat', 'Mobile_Chat'], overrides });
  assert.equal((await fleet.deployAccepted({ publish: true })).exit, 0);
  return { fleet, keyFile };
}

/** Requests an identity token from the reference endpoint, with the issuer and kid of the org's desired state. */
async function requestToken({ project }: Fleet, keyFile: string, customer: string): Promise<string> {
  const privateKey = await readSigningKey({ privateKey: keyFile });
  const signer = createSigner({ privateKey, ...resolveSignerSettings(privateKey, { org: ['one'], project }) });
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

test('verifies a token of the reference endpoint with the URL and names of the client kit', async () => {
  const { fleet, keyFile } = await deployWithKey();
  const { orgs, apiVersion } = loadProject(fleet.project, { orgs: ['one'] }, new Date());
  const desired = orgs[0] ?? assert.fail('no org');
  const live = await readOrgFacts(new Sf(workspace.workers, apiVersion), desired);
  const configs = channelConnections(desired, live).map((each) => JSON.parse(sdkConfigFile(each)) as ConfigFile);
  assert.equal(configs.length, 2);
  for (const config of configs) {
    const customer = `Zoë of ${config.DeveloperName}`;
    const answer = await exchange(config, await requestToken(fleet, keyFile, customer));
    assert.equal(answer.status, 200, await answer.text());
    const [event] = fleet
      .org('one')
      .log.filter(({ kind }) => kind === 'exchange')
      .slice(-1);
    assert.match(JSON.stringify(event), new RegExp(`AUTH/Customer/uid:${customer}`));
  }
});
