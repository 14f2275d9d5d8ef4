/** The halves meet: what `deploy` sets up, `token-server` signs and `connect` tells, as a customer's team would use them. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { configFile } from '../../lib/connect/ios';
import { connectionsOf } from '../../lib/connect/connection';
import { readLive } from '../../lib/connect/live';
import { loadProject } from '../../lib/project';
import { Sf } from '../../lib/sf';
import { tokenEndpoint, trialSessions, signerOf } from '../../lib/token-server';
import { signingKey } from '../../lib/token-server/private-key';
import { agreedSettings } from '../../lib/token-server/settings';
import { runVerb } from '../commands-keys/ran';
import { cookieIn, tokenIn } from '../lib/token-server/standing';
import { startFleet, type Fleet } from './fleet';
import { workplace } from './workplace';

const place = workplace();
const PAGE = 'https://shop.example.com';

/** An org that trusts a key of ours, and whose channels are deployed and published. */
async function deployed(): Promise<{ readonly fleet: Fleet; readonly keyFile: string }> {
  const fleet = await startFleet(place, { one: {} });
  const keyFile = join(place.folder, 'signing.pem');
  const made = await runVerb(fleet.project, { verb: 'new', name: 'Signing', privateKey: keyFile, alg: 'RS512' });
  assert.equal(made.exit, 0, made.shown);
  const keyset = { publicKeyCertificateSetKeys: [{ publicKeyCertificate: 'Signing' }] };
  const overrides = { PublicKeyCertificateSet: { Customer_Identity: keyset } };
  const { orgId } = JSON.parse(readFileSync(join(fleet.project, 'config/orgs/one.json'), 'utf8')) as { orgId: string };
  fleet.configure('one', { orgId, kind: 'sandbox', channels: ['Web_Chat', 'Mobile_Chat'], overrides });
  assert.equal((await fleet.force({ publish: true })).exit, 0);
  return { fleet, keyFile };
}

/** A token of the reference endpoint for a customer, its issuer and kid taken from the org's configuration. */
async function tokenOf({ project }: Fleet, keyFile: string, customer: string): Promise<string> {
  const privateKey = await signingKey({ privateKey: keyFile });
  const signer = signerOf({ privateKey, ...agreedSettings(privateKey, { org: ['one'], project }) });
  const sessions = trialSessions();
  const cookie = cookieIn(sessions.open(customer));
  const endpoint = tokenEndpoint({ signer, sessions, origins: [PAGE] });
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
  const { fleet, keyFile } = await deployed();
  const { orgs, apiVersion } = loadProject(fleet.project, { orgs: ['one'] }, new Date());
  const desired = orgs[0] ?? assert.fail('no org');
  const live = await readLive(new Sf(place.hosts, apiVersion), desired);
  const told = connectionsOf(desired, live).map((each) => JSON.parse(configFile(each)) as ConfigFile);
  assert.equal(told.length, 2);
  for (const config of told) {
    const customer = `Zoë of ${config.DeveloperName}`;
    const answer = await exchange(config, await tokenOf(fleet, keyFile, customer));
    assert.equal(answer.status, 200, await answer.text());
    const [seen] = fleet
      .org('one')
      .log.filter(({ kind }) => kind === 'exchange')
      .slice(-1);
    assert.match(JSON.stringify(seen), new RegExp(`AUTH/Customer/uid:${customer}`));
  }
});
