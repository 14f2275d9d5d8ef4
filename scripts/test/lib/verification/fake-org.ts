import { createVerify } from 'node:crypto';
import type { Component, LiveState, OrgConfig } from '../../../lib/model';
import { mapOf } from '../../../lib/model';
import type { OrgUnderTest, VerifyOptions } from '../../../lib/verification/context';
import { keySource } from '../../../lib/token';
import { json, type FakeChatApi, type Handler, type ReceivedRequest } from '../chat-api/fake-chat-api';
import { ISSUER, NOW_SECONDS, orgComponents } from '../explain/test-org';
import { keyPair, NOW } from '../jwk/test-keys';

/** A rule that Salesforce has for identity tokens; a flawed org leaves some out. */
export type Rule = 'kid' | 'signature' | 'issuer' | 'expiry' | 'hs256' | 'alg-none' | 'no-token' | 'unverified';

/** How the fake differs from an org that follows every rule. */
export interface FakeBehavior {
  readonly ignoredRules?: readonly Rule[];
  /** The response to a rejected token. */
  readonly reject?: Handler;
  /** The subject of an accepted customer, from the `sub` of the token. */
  readonly subject?: (sub: string) => string;
  readonly lifetimeMinutes?: number | undefined;
  readonly revokeStatus?: number;
  readonly authMode?: string;
  /** The algorithm that the key declares. Default: RS256. */
  readonly keyAlg?: 'RS256' | 'RS512';
}

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const decode = (text: string): Readonly<Record<string, unknown>> =>
  JSON.parse(Buffer.from(text, 'base64url').toString()) as Readonly<Record<string, unknown>>;

/** The rules that an identity token breaks; independent of the code under test. */
function brokenRules(identityToken: string, keyAlg: string): readonly Rule[] {
  const [header = '', claims = '', signature = ''] = identityToken.split('.');
  const { alg, kid } = decode(header);
  const { iss, exp } = decode(claims);
  const verifies = createVerify(alg === 'RS512' ? 'RSA-SHA512' : 'RSA-SHA256')
    .update(`${header}.${claims}`)
    .verify(keyPair().publicKey, signature, 'base64url');
  const times: readonly Rule[] = [
    ...(iss === ISSUER ? [] : (['issuer'] as const)),
    ...(Number(exp) > NOW_SECONDS ? [] : (['expiry'] as const)),
  ];
  if (alg === 'none') return ['alg-none', ...times];
  if (alg === 'HS256') return ['hs256', ...times];
  const signed = verifies && alg === keyAlg;
  return [...(kid === 'key-1' ? [] : (['kid'] as const)), ...(signed ? [] : (['signature'] as const)), ...times];
}

function grant(
  { subject = (sub) => `v2/iamessage/AUTH/Customer/uid:${sub}`, ...rest }: FakeBehavior,
  sub: string,
): Handler {
  const minutes = 'lifetimeMinutes' in rest ? rest.lifetimeMinutes : 30;
  const claims = { iat: NOW_SECONDS, ...(minutes !== undefined && { exp: NOW_SECONDS + minutes * 60 }) };
  const accessToken = `${part({ alg: 'RS256' })}.${part(claims)}.c2lnbmF0dXJl`;
  return json(200, { accessToken, context: { endUser: { subject: subject(sub) } } });
}

/** Responds as an Enhanced Chat API that verifies identity tokens by the rules above. */
export const fakeOrgHandler =
  (behavior: FakeBehavior = {}): Handler =>
  (request, response) =>
    respond(behavior, request)(request, response);

function respond(behavior: FakeBehavior, { method, path, body }: ReceivedRequest): Handler {
  const { ignoredRules = [], reject = json(401, { message: 'rejected' }), revokeStatus = 204 } = behavior;
  if (path.startsWith('/embeddedservice/')) {
    const channel = { authMode: behavior.authMode ?? 'Auth' };
    return json(200, { embeddedServiceConfig: { embeddedServiceMessagingChannel: channel } });
  }
  if (method === 'DELETE') return (_request, response) => void response.writeHead(revokeStatus).end();
  if (path.includes('/unauthenticated/'))
    return ignoredRules.includes('unverified')
      ? grant({ ...behavior, subject: () => 'v2/iamessage/ANON/1' }, '')
      : reject;
  const identityToken = body['customerIdentityToken'];
  if (typeof identityToken !== 'string') return ignoredRules.includes('no-token') ? grant(behavior, 'nobody') : reject;
  // A token with an unknown kid is verified with the org's only key where the org ignores kids.
  const broken = brokenRules(identityToken, behavior.keyAlg ?? 'RS256').filter((rule) => !ignoredRules.includes(rule));
  return broken.length === 0 ? grant(behavior, String(decode(identityToken.split('.')[1] ?? '')['sub'])) : reject;
}

export const ORG: OrgConfig = {
  ...{ alias: 'uat', file: 'config/orgs/uat.json', orgId: '00D000000000001EAA', kind: 'sandbox', wave: 1 },
  ...{
    channels: ['Web_Chat'],
    inactive: [],
    include: [],
    existing: [],
    alsoTrusted: [],
    retired: [],
    overrides: new Map(),
    lines: new Map(),
  },
};

export interface OrgSetup {
  readonly live?: readonly Component[];
  readonly desired?: readonly Component[];
  readonly removed?: readonly string[];
  readonly active?: readonly string[];
  readonly change?: Partial<OrgUnderTest>;
}

/** An org whose live state equals its desired state, except for the changes of the test. */
export async function orgUnderTest(fake: FakeChatApi, setup: OrgSetup = {}): Promise<OrgUnderTest> {
  const { live = [], desired = [], removed = [], active = ['Web_Chat', 'Mobile_Chat'], change } = setup;
  const components = [...(await orgComponents(...live)).values()].filter(({ fullName }) => !removed.includes(fullName));
  const channels = new Map(active.map((name) => [name, { id: `0Mj${name}`, active: true }]));
  const facts: LiveState['facts'] = { orgId: ORG.orgId, kind: 'sandbox', name: 'UAT', missingPermissions: [] };
  return {
    desired: { org: ORG, components: await orgComponents(...desired), compromised: [] },
    live: { facts, components: mapOf(components), channels },
    changes: [],
    undeclaredTrust: [],
    queues: new Map([['Customer_Chat', { acceptsMessagingSessions: true, hasRouting: true }]]),
    chatApiUrl: fake.url,
    ...change,
  };
}

/** Options with the private key of the org's key. */
export const verifyOptions = (change: Partial<VerifyOptions> = {}): VerifyOptions => ({
  ...{ source: keySource(keyPair().privateKey), noTokenReason: 'No token source.', sub: 'customer-1' },
  ...{ untrustedKey: keyPair('untrusted').privateKey, now: () => NOW, allowLoopback: true },
  ...change,
});
