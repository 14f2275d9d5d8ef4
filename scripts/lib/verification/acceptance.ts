import {
  firstFailure,
  subjectOf,
  traceChannel,
  traceToken,
  type ChainStepResult,
  type ExpectedToken,
} from '../explain';
import { asToolError } from '../errors';
import { readToken, redactTokens, textClaim, type TokenSource } from '../token';
import { exchangeToken, revokeToken, type ChatApiClient, type ExchangeResult } from '../chat-api';
import { textAt, type Check, npmRun } from '../model';
import { toCheck, failed, inconclusive, passed, type CheckResult } from './check';
import type { ChannelContext } from './context';

type GrantedExchange = Extract<ExchangeResult, { kind: 'granted' }>;

/** The checks with a valid token, and the subject of the customer if the token was accepted. */
export interface Acceptance {
  readonly checks: readonly Check[];
  readonly subject?: string;
}

const CHECK_NAMES = ['accepted', 'expected customer', 'token lifetime', 'revoked'] as const;

/** Exchanges one valid identity token, checks the access token, and revokes it. Opens no conversation. */
export async function testAcceptance(
  context: ChannelContext,
  client: ChatApiClient,
  expected: ExpectedToken | undefined,
): Promise<Acceptance> {
  const { source, noTokenReason } = context.options;
  if (!source) return notTested(context, noTokenReason);
  if (!expected) return notTested(context, NO_EXPECTED_TOKEN);
  if (source.key && !expected.key) return notTested(context, FOREIGN_KEY);
  const token = await requestIdentityToken(context, source, expected);
  if (token.text === undefined) return exchangeFailed(context, token.problem);
  const response = await exchangeToken(client, token.text);
  if (response.kind === 'granted') return evaluateExchange(context, client, expected, response, token.text);
  return exchangeFailed(context, `${describeResponse(response)} ${locateFailure(context, token.text)}`);
}

const NO_EXPECTED_TOKEN =
  'No active user verification configuration in source has a keyset, so no token is valid for the channel.';

const FOREIGN_KEY = `The private key doesn't belong to a key of the channel's keysets. To list the keys: ${npmRun('keys', 'list')}`;

async function requestIdentityToken(
  { org: { desired, live }, options, channel }: ChannelContext,
  source: TokenSource,
  { issuer, key }: ExpectedToken,
): Promise<{ readonly text: string } | { readonly text?: undefined; readonly problem: string }> {
  const spec = { org: desired.org.alias, orgId: live.facts.orgId, channel: channel.fullName, issuer };
  try {
    const { kid, alg } = key ?? {};
    const keyFacts = { ...(kid !== undefined && { kid }), ...(alg !== undefined && { alg }) };
    return { text: await source.getToken({ ...spec, ...keyFacts, subject: options.sub, now: options.now() }) };
  } catch (thrown) {
    const { what, why } = asToolError(thrown);
    return { problem: `${what} ${why}` };
  }
}

/** Describes the response of the Enhanced Chat API in a sentence. */
export const describeResponse = (response: Exclude<ExchangeResult, GrantedExchange>): string =>
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

async function evaluateExchange(
  context: ChannelContext,
  client: ChatApiClient,
  expected: ExpectedToken,
  granted: GrantedExchange,
  token: string,
): Promise<Acceptance> {
  const sub = textClaim(readToken(token).token?.claims ?? {}, 'sub') ?? '';
  const revokeProblem = await revokeToken(client, granted.accessToken);
  const accepted = /\/AUTH\//.test(granted.subject)
    ? acceptedResult(context, token)
    : failed('The token was accepted, but the customer is an unverified user.');
  const results: Readonly<Record<(typeof CHECK_NAMES)[number], CheckResult>> = {
    accepted,
    'expected customer': customerResult(granted.subject, subjectOf(expected.authIdentifier, sub)),
    'token lifetime': lifetimeResult(context, granted.lifetimeMinutes),
    revoked: revocationResult(revokeProblem),
  };
  return {
    checks: CHECK_NAMES.map((name) => toCheck('acceptance', context.channel.fullName, name, results[name])),
    ...(accepted.state === 'passed' && { subject: granted.subject }),
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

/** Help: 60 minutes unless the channel has another value. */
const DEFAULT_LIFETIME_MINUTES = 60;

function lifetimeResult({ channel }: ChannelContext, minutes: number | undefined): CheckResult {
  const configuredMinutes = Number(
    textAt(channel.root, 'embeddedConfig.verifiedUserJwtExpirationTime') ?? DEFAULT_LIFETIME_MINUTES,
  );
  if (minutes === undefined) return inconclusive('The access token contains no lifetime.');
  return Math.abs(minutes - configuredMinutes) < 1
    ? passed(`${configuredMinutes} minutes, as configured`)
    : failed(`The access token expires after ${Math.round(minutes)} minutes instead of ${configuredMinutes}.`);
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
