import {
  firstFailure,
  subjectOf,
  traceChannel,
  traceToken,
  type ChainStepResult,
  type ExpectedToken,
} from '../explain';
import { asToolError } from '../errors';
import { keySource, readToken, redactTokens, textClaim, type TokenSource } from '../token';
import { exchangeToken, type ExchangeResult } from '../chat-api';
import { npmRun, textAt, type Check } from '../model';
import { expectedTokenOf, type ChannelKeys } from './channel-keys';
import { toCheck, failed, inconclusive, passed, type CheckResult } from './check';
import type { ChannelContext, ChatContext } from './context';
import type { TokenResponse } from './token-requests';

type Granted = Extract<TokenResponse, { kind: 'granted' }>;

/** The checks with a valid token, and the token and the subject of the customer if the token was accepted. */
export interface Acceptance {
  readonly checks: readonly Check[];
  readonly accepted?: { readonly token: string; readonly subject: string };
}

const CHECK_NAMES = ['accepted', 'expected customer', 'token lifetime', 'revoked'] as const;

/** Exchanges one valid identity token, checks the access token, and revokes it. Opens no conversation. */
export async function testAcceptance(context: ChatContext, keys: ChannelKeys): Promise<Acceptance> {
  const source = validTokenSource(context, keys);
  if ('problem' in source) return notTested(context, source.problem);
  const attempt = await exchangeValidToken(context, source);
  if ('problem' in attempt) return exchangeFailed(context, attempt.problem);
  const { token, response } = attempt;
  const expected = expectedTokenOf(keys.expectedTokens, token) ?? source.expected;
  if (response.kind === 'granted') return evaluateExchange(context, expected, response, token);
  return exchangeFailed(context, `${describeResponse(response)} ${locateFailure(context, token)}`);
}

interface ValidTokenSource {
  readonly source: TokenSource;
  readonly expected: ExpectedToken;
}

/** Where the valid token of a channel comes from, or the reason why there is none. */
export function validTokenSource(
  { options: { tokenCommand, privateKeys, noTokenReason } }: Pick<ChannelContext, 'options'>,
  { expectedTokens: [first], trusted }: ChannelKeys,
): ValidTokenSource | { readonly problem: string } {
  if (!tokenCommand && privateKeys.length === 0) return { problem: noTokenReason };
  if (!first) return { problem: NO_EXPECTED_TOKEN };
  if (tokenCommand) return { source: tokenCommand, expected: first };
  return trusted ? { source: keySource(trusted.privateKey), expected: trusted.expected } : { problem: FOREIGN_KEY };
}

const NO_EXPECTED_TOKEN =
  'No active user verification configuration in source has a keyset, so no token is valid for the channel.';

const FOREIGN_KEY = `The private key doesn't belong to a key of the channel's keysets. To list the keys: ${npmRun('keys', 'list')}`;

type ExchangeAttempt = { readonly token: string; readonly response: TokenResponse } | { readonly problem: string };

/** Gets a valid token when the budget allows a request, and sends it at once. */
export async function exchangeValidToken(context: ChatContext, source: ValidTokenSource): Promise<ExchangeAttempt> {
  let token = '';
  try {
    const response = await context.requests.send(context.client, async () => {
      token = await requestIdentityToken(context, source);
      return exchangeToken(context.client, token);
    });
    return { token, response };
  } catch (thrown) {
    const { what, why } = asToolError(thrown);
    return { problem: `${what} ${why}` };
  }
}

function requestIdentityToken(
  { org: { desired, live }, options, channel }: ChannelContext,
  { source, expected: { issuer, key } }: ValidTokenSource,
): Promise<string> {
  const { kid, alg } = key ?? {};
  return source.getToken({
    org: desired.org.alias,
    orgId: live.facts.orgId,
    channel: channel.fullName,
    issuer,
    ...(kid !== undefined && { kid }),
    ...(alg !== undefined && { alg }),
    subject: options.sub,
    now: options.now(),
  });
}

/** Describes the response of the Enhanced Chat API in a sentence. */
export const describeResponse = (response: Exclude<ExchangeResult, { kind: 'granted' }>): string =>
  response.kind === 'unexpected'
    ? response.reason
    : `The Enhanced Chat API responded with ${response.status}${response.message === '' ? '' : `: "${response.message}"`}.`;

/**
 * Names the step that explains a rejection, as far as it's visible from outside. A failure that holds for every token of the
 * channel, such as an inactive channel, comes first: the token isn't its cause. Published settings can be outdated for 10
 * minutes without any effect on tokens, so they come last.
 */
function locateFailure({ orgView, channel, options }: ChannelContext, token: string): string {
  const channelFailure = firstFailure(traceChannel(orgView, channel, options.now()));
  const failure =
    channelFailure && channelFailure.link !== 'published'
      ? channelFailure
      : firstFailure(traceToken(orgView, channel, readToken(token), options.now()));
  return failure
    ? `First failed step: ${describeFailure(failure)}`
    : `No failed step was found. To trace this token: ${npmRun('token', 'explain')} < token.txt`;
}

/** The failed step, its observation and its fix. */
export const describeFailure = ({ link, detail, fix }: ChainStepResult & { readonly state: 'failed' }): string =>
  `${link}: ${detail} Fix: ${fix}`;

export const isVerifiedSubject = (subject: string): boolean => subject.includes('/AUTH/');

function evaluateExchange(context: ChatContext, expected: ExpectedToken, granted: Granted, token: string): Acceptance {
  const sub = textClaim(readToken(token).token?.claims ?? {}, 'sub') ?? '';
  const accepted = isVerifiedSubject(granted.subject)
    ? acceptedResult(context, token)
    : failed('The token was accepted, but the customer is an unverified user.');
  const results: Readonly<Record<(typeof CHECK_NAMES)[number], CheckResult>> = {
    accepted,
    'expected customer': customerResult(granted.subject, subjectOf(expected.authIdentifier, sub)),
    'token lifetime': lifetimeResult(
      granted.lifetimeMinutes,
      configuredMinutes(context, 'verifiedUserJwtExpirationTime', DEFAULT_VERIFIED_MINUTES),
    ),
    revoked: revocationResult(granted.revokeProblem),
  };
  return {
    checks: CHECK_NAMES.map((name) => toCheck('acceptance', context.channel.fullName, name, results[name])),
    ...(accepted.state === 'passed' && { accepted: { token, subject: granted.subject } }),
  };
}

/** An accepted token whose own claims are invalid says nothing about tokens of the token service. */
function acceptedResult({ orgView, channel, options }: ChannelContext, token: string): CheckResult {
  const failure = firstFailure(traceToken(orgView, channel, readToken(token), options.now()));
  return failure?.link === 'claims'
    ? failed(`The token was accepted although its claims are invalid: ${failure.detail} Fix: ${failure.fix}`)
    : passed('A valid token was exchanged.');
}

const customerResult = (actual: string, expected: string): CheckResult =>
  actual === expected
    ? passed(actual)
    : failed(`The customer is ${redactTokens(actual) || 'missing'}. Expected: ${expected}.`);

/** Help, set up user verification: 60 minutes unless the channel has another value. */
const DEFAULT_VERIFIED_MINUTES = 60;

/** The lifetime of access tokens in the live channel, in minutes. */
export const configuredMinutes = ({ channel }: ChannelContext, setting: string, defaultMinutes: number): number =>
  Number(textAt(channel.root, `embeddedConfig.${setting}`) ?? defaultMinutes);

export function lifetimeResult(minutes: number | undefined, expectedMinutes: number): CheckResult {
  if (minutes === undefined) return inconclusive('The access token contains no lifetime.');
  return Math.abs(minutes - expectedMinutes) < 1
    ? passed(`${expectedMinutes} minutes, as configured`)
    : failed(`The access token expires after ${Math.round(minutes)} minutes instead of ${expectedMinutes}.`);
}

const revocationResult = (problem: string | undefined): CheckResult =>
  problem === undefined
    ? passed('revoked immediately')
    : failed(`The access token couldn't be revoked and stays valid until it expires. ${problem}`);

/** The first check failed, so the others were not tested. */
const exchangeFailed = ({ channel }: ChannelContext, problem: string): Acceptance => ({
  checks: CHECK_NAMES.map((name, index) =>
    toCheck(
      'acceptance',
      channel.fullName,
      name,
      index === 0 ? failed(problem) : inconclusive('No token was accepted.'),
    ),
  ),
});

/** All acceptance checks are inconclusive for the same reason. */
export const notTested = ({ channel }: Pick<ChannelContext, 'channel'>, reason: string): Acceptance => ({
  checks: CHECK_NAMES.map((name) => toCheck('acceptance', channel.fullName, name, inconclusive(reason))),
});
