/** The halves meet: what `deploy` sets up, `token-server` signs and `connect` tells, as a customer's team would use them. */
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
import { createWorkspace } from './workspace';

const workspace = createWorkspace();
const PAGE = 'https://shop.example.com';

/** An org that trusts a key of ours, and whose channels are deployed and published. */
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

/** A token of the reference endpoint for a customer, its issuer and kid taken from the org's configuration. */
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

/** What the SDKs read of configFile.json, as `connect` writes it. */
interface ConfigFile {
  readonly OrganizationId: string;
  readonly DeveloperName: string;
  readonly Url: string;
}

/** As the mobile SDKs do it (v1 of the messaging runtime): the addresses and names are those of the configuration file. */
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

test('an org verifies the token of the reference endpoint, at the address and under the names that connect tells', async () => {
  const { fleet, keyFile } = await deployWithKey();
  const { orgs, apiVersion } = loadProject(fleet.project, { orgs: ['one'] }, new Date());
  const desired = orgs[0] ?? assert.fail('no org');
  const live = await readOrgFacts(new Sf(workspace.hosts, apiVersion), desired);
  const told = channelConnections(desired, live).map((each) => JSON.parse(sdkConfigFile(each)) as ConfigFile);
  assert.equal(told.length, 2);
  for (const config of told) {
    const customer = `Zoë of ${config.DeveloperName}`;
    const answer = await exchange(config, await requestToken(fleet, keyFile, customer));
    assert.equal(answer.status, 200, await answer.text());
    const [seen] = fleet
      .org('one')
      .log.filter(({ kind }) => kind === 'exchange')
      .slice(-1);
    assert.match(JSON.stringify(seen), new RegExp(`AUTH/Customer/uid:${customer}`));
  }
});
