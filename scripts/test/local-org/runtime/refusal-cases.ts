import { createHmac, createPublicKey } from 'node:crypto';
import type { Reason } from '../../../local-org/runtime/refusal';
import { AT, ISSUER, type Answer, type Chat } from './chat';
import { base64url, newSigner } from './signer';

/** A way to be refused, and for what reason. */
export interface RefusalCase {
  readonly reason: Reason;
  readonly what: string;
  readonly ask: (chat: Chat) => Promise<Answer>;
}

const edited =
  (path: string, from: string | RegExp, to: string, ask: (chat: Chat) => Promise<Answer>) => (chat: Chat) => {
    chat.org.edit(path, (content) => content.replace(from, to));
    return ask(chat);
  };

const good = (chat: Chat) => chat.exchange(chat.token());
const past = () => Math.floor(Date.now() / 1000) - 1;

/** Signs with HS256 and the public key as the secret: the old confusion attack. */
function confused(chat: Chat): string {
  const publicKey = createPublicKey({ key: chat.signer.jwk, format: 'jwk' } as never);
  const secret = publicKey.export({ type: 'spki', format: 'pem' });
  const [, claims] = chat.token().split('.');
  const content = `${base64url({ alg: 'HS256', kid: 'key-1' })}.${claims}`;
  return `${content}.${createHmac('sha256', secret).update(content).digest('base64url')}`;
}

function unsigned(chat: Chat): string {
  const [, claims] = chat.token().split('.');
  return `${base64url({ alg: 'none', kid: 'key-1' })}.${claims}.`;
}

const TOKEN_CASES: readonly RefusalCase[] = [
  { reason: 'malformed', what: 'a text that is no JWT', ask: (chat) => chat.exchange('not-a-token') },
  { reason: 'malformed', what: 'an empty token', ask: (chat) => chat.exchange('') },
  { reason: 'malformed', what: 'no token at all', ask: (chat) => chat.exchange(undefined) },
  {
    reason: 'malformed',
    what: 'a list for claims',
    ask: (chat) => chat.exchange(`${base64url({ alg: 'RS256' })}.W10.x`),
  },
  { reason: 'alg-none', what: 'alg none', ask: (chat) => chat.exchange(unsigned(chat)) },
  { reason: 'hs256', what: 'HS256 with the public key', ask: (chat) => chat.exchange(confused(chat)) },
  {
    reason: 'algorithm',
    what: 'PS256',
    ask: (chat) => chat.exchange(chat.token().replace(/^[^.]+/, base64url({ alg: 'PS256', kid: 'key-1' }))),
  },
  { reason: 'issuer', what: 'a slash too many', ask: (chat) => chat.exchange(chat.token({ iss: `${ISSUER}/` })) },
  { reason: 'issuer', what: 'another case', ask: (chat) => chat.exchange(chat.token({ iss: ISSUER.toUpperCase() })) },
  { reason: 'issuer', what: 'a keyset without issuer', ask: edited(AT.keyset, /<jwtIssuer>.*<\/jwtIssuer>/, '', good) },
  { reason: 'kid', what: 'an unknown kid', ask: (chat) => chat.exchange(chat.token({}, { kid: 'key-2' })) },
  { reason: 'kid', what: 'no kid', ask: (chat) => chat.exchange(chat.token({}, { kid: undefined })) },
  {
    reason: 'kid',
    what: 'a key that left its keyset',
    ask: edited(AT.keyset, /<publicKeyCertificateSetKeys>.*<\/publicKeyCertificateSetKeys>/, '', good),
  },
  { reason: 'inactive-key', what: 'an inactive key', ask: edited(AT.key, '>true<', '>false<', good) },
  {
    reason: 'inactive-key',
    what: 'a key that does not say it is active',
    ask: edited(AT.key, /<isActive>.*<\/isActive>/, '', good),
  },
  { reason: 'no-x5c', what: 'an uploaded key without certificate', ask: edited(AT.key, /,"x5c":\[[^\]]*\]/, '', good) },
  {
    reason: 'unusable-key',
    what: 'a certificate of another key',
    ask: async (chat) => {
      const { x5c } = (await newSigner()).jwk as { x5c: string[] };
      return edited(AT.key, /"x5c":\[[^\]]*\]/, `"x5c":["${x5c[0]}"]`, good)(chat);
    },
  },
  {
    reason: 'signature',
    what: 'the right kid and another key',
    ask: async (chat) => chat.exchange(chat.token({}, {}, (await newSigner()).privateKey)),
  },
  {
    reason: 'signature',
    what: 'RS512 with a key for RS256',
    ask: (chat) => chat.exchange(chat.token({}, { alg: 'RS512' })),
  },
  {
    reason: 'signature',
    what: 'claims that were changed',
    ask: (chat) => {
      const [header, , signature] = chat.token().split('.');
      return chat.exchange([header, chat.token({ sub: 'eve' }).split('.')[1], signature].join('.'));
    },
  },
  { reason: 'expiry', what: 'an expired token', ask: (chat) => chat.exchange(chat.token({ exp: past() })) },
  { reason: 'expiry', what: 'no exp', ask: (chat) => chat.exchange(chat.token({ exp: undefined })) },
  { reason: 'expiry', what: 'exp as a text', ask: (chat) => chat.exchange(chat.token({ exp: '9999999999' })) },
  {
    reason: 'not-yet-valid',
    what: 'nbf in the future',
    ask: (chat) => chat.exchange(chat.token({ nbf: past() + 60 })),
  },
  { reason: 'subject', what: 'no sub', ask: (chat) => chat.exchange(chat.token({ sub: undefined })) },
  { reason: 'subject', what: 'an empty sub', ask: (chat) => chat.exchange(chat.token({ sub: '' })) },
  {
    reason: 'subject',
    what: 'a sub that is too long',
    ask: (chat) => chat.exchange(chat.token({ sub: 'a'.repeat(225) })),
  },
];

const UNAUTH = ['>Auth<', '>UnAuth<'] as const;

const CHANNEL_CASES: readonly RefusalCase[] = [
  { reason: 'verification-on', what: 'a guest on a verified channel', ask: (chat) => chat.guest() },
  {
    reason: 'verification-off',
    what: 'a token on a channel without verification',
    ask: edited(AT.channel, ...UNAUTH, good),
  },
  {
    reason: 'no-authorization',
    what: 'an authorization that is off',
    ask: edited(AT.channel, '>true<', '>false<', good),
  },
  {
    reason: 'no-authorization',
    what: 'one that does not say it is on',
    ask: edited(AT.channel, /<enabled>.*<\/enabled>/, '', good),
  },
  {
    reason: 'no-authorization',
    what: 'one of another type',
    ask: edited(AT.channel, '>PublicKeyCertificateSet<', '>AuthProvider<', good),
  },
  {
    reason: 'deployment',
    what: 'an unknown deployment',
    ask: (chat) => chat.exchange(chat.token(), { esDeveloperName: 'Nobody' }),
  },
  { reason: 'org', what: 'another org', ask: (chat) => chat.exchange(chat.token(), { orgId: '00D000000000000AAA' }) },
  {
    reason: 'deployment-off',
    what: 'a deployment that is off',
    ask: edited(
      AT.deployment,
      /<isEnabled>true<\/isEnabled>\s*<masterLabel>/,
      '<isEnabled>false</isEnabled><masterLabel>',
      good,
    ),
  },
  {
    reason: 'deployment-type',
    what: 'a deployment of type Web in v2',
    ask: edited(AT.deployment, '>API<', '>Web<', good),
  },
  { reason: 'unpublished', what: 'a deployment that was never published', ask: unpublished },
  { reason: 'channel-inactive', what: 'an inactive channel', ask: inactive },
  {
    reason: 'body',
    what: 'no JSON',
    ask: (chat) => chat.call('POST', '/iamessage/api/v2/authorization/authenticated/access-token', '{'),
  },
  { reason: 'body', what: 'a missing member', ask: (chat) => chat.exchange(chat.token(), { platform: undefined }) },
  { reason: 'body', what: 'an unknown member', ask: (chat) => chat.exchange(chat.token(), { jwt: 'x' }) },
  {
    reason: 'body',
    what: 'another type of authorization',
    ask: (chat) => chat.exchange(chat.token(), { authorizationType: 'OAuth' }),
  },
];

async function unpublished(chat: Chat): Promise<Answer> {
  await chat.client.deploy({
    'EmbeddedServiceConfig/New.EmbeddedServiceConfig': chat.org.files().get(AT.deployment) ?? '',
  });
  return chat.exchange(chat.token(), { esDeveloperName: 'New' });
}

async function inactive(chat: Chat): Promise<Answer> {
  const { records } = await chat.client.query("SELECT Id FROM MessagingChannel WHERE DeveloperName = 'Web'");
  const path = `/services/data/v67.0/sobjects/MessagingChannel/${String(records[0]?.['Id'])}`;
  await chat.client.rest(path, { method: 'PATCH', body: '{"IsActive":false}' });
  return good(chat);
}

export const REFUSAL_CASES: readonly RefusalCase[] = [...TOKEN_CASES, ...CHANNEL_CASES];
