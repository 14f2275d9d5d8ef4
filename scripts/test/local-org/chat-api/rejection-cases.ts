import assert from 'node:assert/strict';
import { createHmac, createPublicKey, createSign } from 'node:crypto';
import type { RejectionReason } from '../../../local-org/chat-api/rejection';
import { CHAT_PATHS, ISSUER, type ChatApiReply, type Chat } from './chat';
import { keyXml } from '../samples';
import { base64url, createSigner } from './signer';

/** A request that the org rejects, and the reason. */
export interface RejectionCase {
  readonly reason: RejectionReason;
  readonly title: string;
  readonly send: (chat: Chat) => Promise<ChatApiReply>;
}

const withEdit =
  (path: string, from: string | RegExp, to: string, ask: (chat: Chat) => Promise<ChatApiReply>) => (chat: Chat) => {
    chat.org.edit(path, (content) => content.replace(from, to));
    return ask(chat);
  };

const sendValidToken = (chat: Chat) => chat.exchange(chat.token());
const expiredTime = () => Math.floor(Date.now() / 1000) - 1;

/** Signs with HS256 and the public key as the secret (algorithm confusion attack). */
function hs256Token(chat: Chat, format: 'pem' | 'der'): string {
  const publicKey = createPublicKey({ key: chat.signer.jwk, format: 'jwk' } as never);
  const secret =
    format === 'pem'
      ? publicKey.export({ type: 'spki', format: 'pem' })
      : publicKey.export({ type: 'spki', format: 'der' });
  const [, claims] = chat.token().split('.');
  const content = `${base64url({ alg: 'HS256', kid: 'key-1' })}.${claims}`;
  return `${content}.${createHmac('sha256', secret).update(content).digest('base64url')}`;
}

/** A token without a signature, with this header. */
function unsignedToken(chat: Chat, header: object): string {
  const [, claims] = chat.token().split('.');
  return `${base64url({ ...header, kid: 'key-1' })}.${claims}.`;
}

/** A case for a token without a signature. */
const unsigned = (reason: RejectionReason, header: object): RejectionCase => ({
  reason,
  title: `an unsigned token with the header ${JSON.stringify(header)}`,
  send: (chat) => chat.exchange(unsignedToken(chat, header)),
});

/** Signs JSON texts, which can have a member twice. */
function signTexts(chat: Chat, header: string, claims: string): string {
  const content = [header, claims].map((text) => Buffer.from(text).toString('base64url')).join('.');
  return `${content}.${createSign('RSA-SHA256').update(content).sign(chat.signer.privateKey, 'base64url')}`;
}

const claimsText = (chat: Chat): string => Buffer.from(chat.token().split('.')[1] ?? '', 'base64url').toString('utf8');

const otherSigner = createSigner('key-2');
const OTHER_KEY = 'PublicKeyCertificate/Other.PublicKeyCertificate';

/** Deploys a second key, which is in no keyset, and sends a token with its kid. */
const sendWithOtherKid = (signedByIt: boolean) => async (chat: Chat) => {
  const other = await otherSigner;
  const { status } = await chat.client.deploy({ [OTHER_KEY]: keyXml(other.jwk) });
  assert.equal(status, 'Succeeded');
  return chat.exchange(chat.token({}, { kid: 'key-2' }, signedByIt ? other.privateKey : chat.signer.privateKey));
};

const TOKEN_CASES: readonly RejectionCase[] = [
  { reason: 'malformed', title: 'a text that is no JWT', send: (chat) => chat.exchange('not-a-token') },
  { reason: 'malformed', title: 'an empty token', send: (chat) => chat.exchange('') },
  { reason: 'malformed', title: 'no token at all', send: (chat) => chat.exchange(undefined) },
  {
    reason: 'malformed',
    title: 'a list for claims',
    send: (chat) => chat.exchange(`${base64url({ alg: 'RS256' })}.W10.x`),
  },
  unsigned('alg-none', { alg: 'none' }),
  unsigned('alg-none-case', { alg: 'None' }),
  unsigned('alg-none-case', { alg: 'nOnE' }),
  unsigned('alg-missing', {}),
  unsigned('alg-empty', { alg: '' }),
  unsigned('alg-array', { alg: ['none'] }),
  unsigned('algorithm', { alg: 'ES256' }),
  unsigned('algorithm', { alg: 1 }),
  unsigned('empty-signature', { alg: 'RS256' }),
  { reason: 'hs256', title: 'HS256 with the PEM', send: (chat) => chat.exchange(hs256Token(chat, 'pem')) },
  { reason: 'hs256', title: 'HS256 with the DER', send: (chat) => chat.exchange(hs256Token(chat, 'der')) },
  { reason: 'rs384', title: 'RS384', send: (chat) => chat.exchange(chat.token({}, { alg: 'RS384' })) },
  { reason: 'ps256', title: 'PS256', send: (chat) => chat.exchange(chat.token({}, { alg: 'PS256' })) },
  { reason: 'crit', title: 'crit', send: (chat) => chat.exchange(chat.token({}, { crit: ['x'], x: 1 })) },
  {
    reason: 'duplicate-header',
    title: 'two members kid',
    send: (chat) =>
      chat.exchange(signTexts(chat, '{"alg":"RS256","kid":"key-1","k\\u0069d":"key-2"}', claimsText(chat))),
  },
  {
    reason: 'duplicate-claim',
    title: 'two members iss',
    send: (chat) => {
      const claims = claimsText(chat).replace(/}$/, ',"iss":"https://elsewhere.example.com"}');
      return chat.exchange(signTexts(chat, '{"alg":"RS256","kid":"key-1"}', claims));
    },
  },
  { reason: 'issuer-slash', title: 'a slash', send: (chat) => chat.exchange(chat.token({ iss: `${ISSUER}/` })) },
  { reason: 'issuer-missing', title: 'no iss', send: (chat) => chat.exchange(chat.token({ iss: undefined })) },
  { reason: 'issuer', title: 'another case', send: (chat) => chat.exchange(chat.token({ iss: ISSUER.toUpperCase() })) },
  {
    reason: 'issuer',
    title: 'a keyset without issuer',
    send: withEdit(CHAT_PATHS.keyset, /<jwtIssuer>.*<\/jwtIssuer>/, '', sendValidToken),
  },
  { reason: 'kid', title: 'an unknown kid', send: (chat) => chat.exchange(chat.token({}, { kid: 'key-2' })) },
  { reason: 'kid-missing', title: 'no kid', send: (chat) => chat.exchange(chat.token({}, { kid: undefined })) },
  { reason: 'kid-foreign', title: 'the kid of a key in no keyset', send: sendWithOtherKid(false) },
  { reason: 'retired-key', title: 'a key in no keyset', send: sendWithOtherKid(true) },
  {
    reason: 'retired-key',
    title: 'a key that left its keyset',
    send: withEdit(
      CHAT_PATHS.keyset,
      /<publicKeyCertificateSetKeys>.*<\/publicKeyCertificateSetKeys>/,
      '',
      sendValidToken,
    ),
  },
  {
    reason: 'inactive-key',
    title: 'an inactive key',
    send: withEdit(CHAT_PATHS.key, '>true<', '>false<', sendValidToken),
  },
  {
    reason: 'inactive-key',
    title: 'a key that does not say it is active',
    send: withEdit(CHAT_PATHS.key, /<isActive>.*<\/isActive>/, '', sendValidToken),
  },
  {
    reason: 'no-x5c',
    title: 'an uploaded key without certificate',
    send: withEdit(CHAT_PATHS.key, /,"x5c":\[[^\]]*\]/, '', sendValidToken),
  },
  {
    reason: 'unusable-key',
    title: 'a certificate of another key',
    send: async (chat) => {
      const { x5c } = (await createSigner()).jwk as { x5c: string[] };
      return withEdit(CHAT_PATHS.key, /"x5c":\[[^\]]*\]/, `"x5c":["${x5c[0]}"]`, sendValidToken)(chat);
    },
  },
  {
    reason: 'signature',
    title: 'the right kid and another key',
    send: async (chat) => chat.exchange(chat.token({}, {}, (await createSigner()).privateKey)),
  },
  {
    reason: 'reused-signature',
    title: 'RS512 with a key for RS256',
    send: (chat) => chat.exchange(chat.token({}, { alg: 'RS512' })),
  },
  {
    reason: 'reused-signature',
    title: 'claims that were changed',
    send: (chat) => {
      const [header, , signature] = chat.token().split('.');
      return chat.exchange([header, chat.token({ sub: 'eve' }).split('.')[1], signature].join('.'));
    },
  },
  { reason: 'expiry', title: 'an expired token', send: (chat) => chat.exchange(chat.token({ exp: expiredTime() })) },
  { reason: 'exp-missing', title: 'no exp', send: (chat) => chat.exchange(chat.token({ exp: undefined })) },
  { reason: 'expiry', title: 'exp as a text', send: (chat) => chat.exchange(chat.token({ exp: '9999999999' })) },
  {
    reason: 'not-yet-valid',
    title: 'nbf in the future',
    send: (chat) => chat.exchange(chat.token({ nbf: expiredTime() + 60 })),
  },
  { reason: 'sub-missing', title: 'no sub', send: (chat) => chat.exchange(chat.token({ sub: undefined })) },
  { reason: 'sub-empty', title: 'an empty sub', send: (chat) => chat.exchange(chat.token({ sub: '' })) },
  {
    reason: 'subject',
    title: 'a sub that is too long',
    send: (chat) => chat.exchange(chat.token({ sub: 'a'.repeat(225) })),
  },
];

const UNAUTH = ['>Auth<', '>UnAuth<'] as const;

const CHANNEL_CASES: readonly RejectionCase[] = [
  { reason: 'verification-on', title: 'a guest on a verified channel', send: (chat) => chat.requestUnverifiedToken() },
  {
    reason: 'verification-off',
    title: 'a token on a channel without verification',
    send: withEdit(CHAT_PATHS.channel, ...UNAUTH, sendValidToken),
  },
  {
    reason: 'no-authorization',
    title: 'an authorization that is off',
    send: withEdit(CHAT_PATHS.channel, '>true<', '>false<', sendValidToken),
  },
  {
    reason: 'no-authorization',
    title: 'one that does not say it is on',
    send: withEdit(CHAT_PATHS.channel, /<enabled>.*<\/enabled>/, '', sendValidToken),
  },
  {
    reason: 'no-authorization',
    title: 'one of another type',
    send: withEdit(CHAT_PATHS.channel, '>PublicKeyCertificateSet<', '>AuthProvider<', sendValidToken),
  },
  {
    reason: 'deployment',
    title: 'an unknown deployment',
    send: (chat) => chat.exchange(chat.token(), { esDeveloperName: 'Nobody' }),
  },
  { reason: 'org', title: 'another org', send: (chat) => chat.exchange(chat.token(), { orgId: '00D000000000000AAA' }) },
  {
    reason: 'deployment-disabled',
    title: 'a deployment that is off',
    send: withEdit(
      CHAT_PATHS.deployment,
      /<isEnabled>true<\/isEnabled>\s*<masterLabel>/,
      '<isEnabled>false</isEnabled><masterLabel>',
      sendValidToken,
    ),
  },
  {
    reason: 'deployment-type',
    title: 'a deployment of type Web in v2',
    send: withEdit(CHAT_PATHS.deployment, '>API<', '>Web<', sendValidToken),
  },
  { reason: 'unpublished', title: 'a deployment that was never published', send: unpublished },
  { reason: 'channel-inactive', title: 'an inactive channel', send: inactive },
  {
    reason: 'body',
    title: 'no JSON',
    send: (chat) => chat.call('POST', '/iamessage/api/v2/authorization/authenticated/access-token', '{'),
  },
  { reason: 'body', title: 'a missing member', send: (chat) => chat.exchange(chat.token(), { platform: undefined }) },
  { reason: 'body', title: 'an unknown member', send: (chat) => chat.exchange(chat.token(), { jwt: 'x' }) },
  {
    reason: 'body',
    title: 'another type of authorization',
    send: (chat) => chat.exchange(chat.token(), { authorizationType: 'OAuth' }),
  },
];

async function unpublished(chat: Chat): Promise<ChatApiReply> {
  await chat.client.deploy({
    'EmbeddedServiceConfig/New.EmbeddedServiceConfig': chat.org.files().get(CHAT_PATHS.deployment) ?? '',
  });
  return chat.exchange(chat.token(), { esDeveloperName: 'New' });
}

async function inactive(chat: Chat): Promise<ChatApiReply> {
  const { records } = await chat.client.query("SELECT Id FROM MessagingChannel WHERE DeveloperName = 'Web'");
  const path = `/services/data/v67.0/sobjects/MessagingChannel/${String(records[0]?.['Id'])}`;
  await chat.client.rest(path, { method: 'PATCH', body: '{"IsActive":false}' });
  return sendValidToken(chat);
}

export const REJECTION_CASES: readonly RejectionCase[] = [...TOKEN_CASES, ...CHANNEL_CASES];
