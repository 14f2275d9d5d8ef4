import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { requestToken, createAssertion, startTestOrg } from './client';

const grant_type = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

test('returns a token with the org and the user for a signed assertion', async (t) => {
  const { org } = await startTestOrg(t);
  const response = await requestToken(org, { grant_type, assertion: await createAssertion(org) });
  const body = (await response.json()) as Record<string, string>;
  assert.equal(response.status, 200);
  assert.match(body['access_token'] ?? '', /^00D\w{12}![.\w]+$/);
  assert.equal(body['instance_url'], org.url);
  assert.match(body['id'] ?? '', new RegExp(`^${org.url}/id/${org.orgId}/005\\w{15}$`));
  assert.equal(org.log.at(-1)?.kind, 'login');
});

test('accepts an audience without a slash at the end', async (t) => {
  const { org } = await startTestOrg(t);
  const response = await requestToken(org, { grant_type, assertion: await createAssertion(org, { aud: org.url }) });
  assert.equal(response.status, 200);
});

const seconds = Math.floor(Date.now() / 1000);
for (const [what, claims, error, description] of [
  ['another audience', { aud: 'https://login.salesforce.com' }, 'invalid_grant', 'audience is invalid'],
  ['another user', { sub: 'nobody@example.com' }, 'invalid_grant', "user hasn't approved this consumer"],
  ['another client', { iss: 'someone' }, 'invalid_client_id', 'client identifier invalid'],
  ['the past', { exp: seconds - 60 }, 'invalid_grant', 'assertion is expired'],
] as const) {
  test(`rejects an assertion for ${what}`, async (t) => {
    const { org } = await startTestOrg(t);
    const response = await requestToken(org, { grant_type, assertion: await createAssertion(org, claims) });
    assert.equal(response.status, 400);
    assert.deepEqual(await response.json(), { error, error_description: description });
  });
}

test('rejects an assertion that another key signed', async (t) => {
  const { org } = await startTestOrg(t);
  const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const response = await requestToken(org, { grant_type, assertion: await createAssertion(org, {}, stranger) });
  assert.equal(response.status, 400);
  assert.deepEqual(await response.json(), { error: 'invalid_grant', error_description: 'invalid assertion' });
});

test('returns a session for the refresh token only', async (t) => {
  const { org } = await startTestOrg(t);
  assert.equal((await requestToken(org, { grant_type: 'refresh_token', refresh_token: org.refreshToken })).status, 200);
  assert.equal((await requestToken(org, { grant_type: 'refresh_token', refresh_token: 'guess' })).status, 400);
  assert.equal((await requestToken(org, { grant_type: 'password' })).status, 400);
});

test('without a session, returns status 401 by REST and INVALID_SESSION_ID by SOAP', async (t) => {
  const client = await startTestOrg(t);
  const rest = await fetch(`${client.org.url}/services/data/v67.0/query?q=SELECT+Id+FROM+User`);
  assert.equal(rest.status, 401);
  assert.deepEqual(await rest.json(), [{ message: 'Session expired or invalid', errorCode: 'INVALID_SESSION_ID' }]);
  await client.rest('/services/oauth2/revoke', { method: 'POST', body: `token=${client.accessToken}` });
  await assert.rejects(client.soap('<describeMetadata/>'), /^Error: INVALID_SESSION_ID: /);
});

test('userinfo returns the user and the org', async (t) => {
  const client = await startTestOrg(t);
  const info = (await (await client.rest('/services/oauth2/userinfo')).json()) as Record<string, string>;
  assert.equal(info['organization_id'], client.org.orgId);
  assert.equal(info['preferred_username'], client.org.username);
});

test('lists versions 31.0 to 67.0 without a session', async (t) => {
  const { org } = await startTestOrg(t);
  // A client whose instance URL ends with a slash sends two slashes.
  const versions = (await (await fetch(`${org.url}//services/data`)).json()) as Record<string, string>[];
  assert.deepEqual(versions.at(0), { label: "Summer '14", url: '/services/data/v31.0', version: '31.0' });
  assert.deepEqual(versions.at(-1), { label: "Summer '26", url: '/services/data/v67.0', version: '67.0' });
});
