import { createVerify } from 'node:crypto';
import { EMPTY_ORG_SETTINGS, type Component, type LiveState, type OrgConfig } from '../../../lib/model';
import { mapOf } from '../../../lib/model';
import type { OrgUnderTest, TrustAtEnd, VerifyOptions } from '../../../lib/verification/context';
import { TokenBudget } from '../../../lib/chat-api';
import { getAttacker } from '../../../lib/verification/attacker';
import { json, type FakeChatApi, type Handler, type ReceivedRequest } from '../chat-api/fake-chat-api';
import { ISSUER, NOW_SECONDS, orgComponents } from '../explain/test-org';
import { keyPair, NOW } from '../jwk/test-keys';

/** A rule that Salesforce has for token requests; a flawed org leaves some out. */
export type Rule = 'claims' | 'expiry' | 'alg-none' | 'no-token' | 'unverified';

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

/** The members of a part of a token; none if it isn't JSON, so that a malformed token is rejected. */
function decode(text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString()) as Readonly<Record<string, unknown>>;
  } catch {
    return {};
  }
}

/** Whether an identity token is valid, apart from ignored rules; independent of the code under test. */
function isValid(identityToken: string, { keyAlg = 'RS256', ignoredRules = [] }: FakeBehavior): boolean {
  const [header = '', claims = '', signature = ''] = identityToken.split('.');
  const [members, { iss, sub, exp, nbf }] = [decode(header), decode(claims)];
  if (members['alg'] === 'none' && ignoredRules.includes('alg-none')) return true;
  const isSigned =
    members['alg'] === keyAlg &&
    createVerify(keyAlg === 'RS512' ? 'RSA-SHA512' : 'RSA-SHA256')
      .update(`${header}.${claims}`)
      .verify(keyPair().publicKey, signature, 'base64url');
  const isCurrent = Number(exp) > NOW_SECONDS || (exp !== undefined && ignoredRules.includes('expiry'));
  const isWellFormed = !('crit' in members) && [header, claims].every(hasUniqueMembers);
  const hasClaims =
    ignoredRules.includes('claims') ||
    (iss === ISSUER && typeof sub === 'string' && sub !== '' && !(Number(nbf) > NOW_SECONDS));
  return isSigned && isCurrent && isWellFormed && hasClaims && members['kid'] === 'key-1';
}

const hasUniqueMembers = (text: string): boolean => {
  const json = Buffer.from(text, 'base64url').toString();
  return JSON.stringify(JSON.parse(json)) === json;
};

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
  return isValid(identityToken, behavior)
    ? grant(behavior, String(decode(identityToken.split('.')[1] ?? '')['sub']))
    : reject;
}

export const ORG: OrgConfig = {
  alias: 'uat',
  file: 'config/orgs/uat.json',
  orgId: '00D000000000001EAA',
  kind: 'sandbox',
  wave: 1,
  ...EMPTY_ORG_SETTINGS,
  channels: ['Web_Chat'],
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
  const known = active.filter((name) => components.some(({ fullName }) => fullName === name));
  const channels = new Map(known.map((name) => [name, { id: `0Mj${name}`, active: true }]));
  const facts: LiveState['facts'] = { orgId: ORG.orgId, kind: 'sandbox', name: 'UAT', missingPermissions: [] };
  return {
    desired: { org: ORG, components: await orgComponents(...desired), compromised: [] },
    live: { facts, components: mapOf(components), channels },
    changes: [],
    undeclaredTrust: [],
    queues: new Map([['Customer_Chat', { acceptsMessagingSessions: true, hasRouting: true }]]),
    chatApiUrl: fake.url,
    readAt: NOW,
    ...change,
  };
}

/** An org without undeclared trust and without a certificate. */
export const NO_TRUST_AT_END: TrustAtEnd = {
  undeclaredTrust: [],
  signing: { certificates: [], signers: [], packages: [] },
};

/** Options with the private key of the org's key, and a budget that never waits. */
export const verifyOptions = async (change: Partial<VerifyOptions> = {}): Promise<VerifyOptions> => ({
  privateKeys: [keyPair().privateKey],
  noTokenReason: 'No token source.',
  sub: 'customer-1',
  attacker: await getAttacker(),
  now: () => NOW,
  allowLoopback: true,
  tolerated: new Map<string, string>(),
  cacheHours: () => 72,
  readTrust: () => Promise.resolve(NO_TRUST_AT_END),
  budget: new TokenBudget({ requests: 1000, milliseconds: 1 }, () => undefined),
  ...change,
});
