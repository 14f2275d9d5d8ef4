import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CHAT_PATHS, startTestChat, decodeClaims } from './chat';
import { createSigner } from './signer';

const signer = createSigner();

test('returns an access token with the subject and lifetime for a valid identity token', async (t) => {
  const chat = await startTestChat(t, {}, await signer);
  const { status, body } = await chat.exchange(chat.token(), { deviceId: 'device-1' });
  const config = await chat.config();
  assert.equal(status, 200);
  const claims = decodeClaims(body.accessToken);
  assert.equal(claims['sub'], 'v2/iamessage/AUTH/Customer/uid:ada');
  assert.equal(claims['orgId'], chat.org.orgId.slice(0, 15));
  assert.equal(Number(claims['exp']) - Number(claims['iat']), 60 * 60);
  const context = body['context'] as Record<string, Record<string, unknown>>;
  assert.equal(context['endUser']?.['subject'], claims['sub']);
  assert.equal(context['deviceId'], 'device-1');
  assert.deepEqual(context['configuration']?.['embeddedServiceConfig'], config.body['embeddedServiceConfig']);
  assert.deepEqual(chat.org.log.at(-1)?.detail, { granted: true, subject: claims['sub'] });
});

test('v1 returns the subject only in the access token', async (t) => {
  const chat = await startTestChat(t, {}, await signer);
  const { status, body } = await chat.exchangeV1(chat.token());
  assert.equal(status, 200);
  assert.deepEqual(body['context'], {});
  assert.equal(decodeClaims(body.accessToken)['sub'], 'v2/iamessage/AUTH/Customer/uid:ada');
});

test('returns the published settings without a login', async (t) => {
  const chat = await startTestChat(t, {}, await signer);
  const modeOf = async () => {
    const { embeddedServiceConfig: config } = (await chat.config()).body as Record<string, Record<string, unknown>>;
    return (config?.['embeddedServiceMessagingChannel'] as Record<string, unknown> | undefined)?.['authMode'];
  };
  assert.equal(await modeOf(), 'Auth');
  chat.org.edit(CHAT_PATHS.channel, (xml) => xml.replace('>Auth<', '>UnAuth<'));
  assert.equal(await modeOf(), 'Auth');
  await chat.publish();
  assert.equal(await modeOf(), 'UnAuth');
});

test('rejects an unpublished chat deployment with status 412', async (t) => {
  const chat = await startTestChat(t, {}, await signer);
  await chat.client.deploy({
    'EmbeddedServiceConfig/New.EmbeddedServiceConfig': chat.org.files().get(CHAT_PATHS.deployment) ?? '',
  });
  assert.deepEqual(await chat.config('New'), {
    status: 412,
    body: { text: 'Embedded Messaging Config is not Published' },
  });
  assert.equal((await chat.config('Nobody')).status, 404);
  const { status } = await chat.exchange(chat.token(), { esDeveloperName: 'New' });
  assert.equal(status, 412);
});

test('revokes a token together with its continuation tokens', async (t) => {
  const chat = await startTestChat(t, {}, await signer);
  const first = (await chat.exchange(chat.token())).body.accessToken ?? '';
  const { status, body } = await chat.continueSession(first);
  assert.equal(status, 200);
  assert.equal(decodeClaims(body.accessToken)['exp'], decodeClaims(first)['exp']);
  assert.equal((await chat.revoke(first)).status, 204);
  assert.equal((await chat.continueSession(first)).status, 401);
  assert.equal((await chat.continueSession(body.accessToken ?? '')).status, 401);
});

test('rejects unverified users on a verified channel', async (t) => {
  const chat = await startTestChat(t, {}, await signer);
  for (const { status, body } of [await chat.requestUnverifiedToken(), await chat.requestUnverifiedTokenV1()]) {
    assert.equal(status, 400);
    assert.deepEqual(body, { code: 'BAD_REQUEST', message: 'Set the auth mode to false.' });
  }
});

/** The lifetime of an access token in minutes. */
const lifetimeOf = (accessToken: string | undefined): number => {
  const { iat, exp } = decodeClaims(accessToken);
  return (Number(exp) - Number(iat)) / 60;
};

test('access tokens expire after the lifetime in the channel, or 60 and 360 minutes by default', async (t) => {
  const chat = await startTestChat(t, {}, await signer);
  const setLifetimes = (xml: string): void =>
    chat.org.edit(CHAT_PATHS.channel, (text) =>
      text
        .replace(/<(verifiedUser|anonymousUser)JwtExpirationTime>.*?<.*?>/g, '')
        .replace('</embeddedConfig>', `${xml}</embeddedConfig>`),
    );
  const setMode = (from: string, to: string): void =>
    chat.org.edit(CHAT_PATHS.channel, (text) => text.replace(`>${from}<`, `>${to}<`));
  const both =
    '<anonymousUserJwtExpirationTime>90</anonymousUserJwtExpirationTime>' +
    '<verifiedUserJwtExpirationTime>120</verifiedUserJwtExpirationTime>';
  for (const [xml, verified, unverified] of [
    ['', 60, 360],
    [both, 120, 90],
  ] as const) {
    setLifetimes(xml);
    assert.equal(lifetimeOf((await chat.exchange(chat.token())).body.accessToken), verified);
    setMode('Auth', 'UnAuth');
    assert.equal(lifetimeOf((await chat.requestUnverifiedToken()).body.accessToken), unverified);
    setMode('UnAuth', 'Auth');
  }
});
