import { firstFailure, subjectOf, traceToken, type ExpectedToken } from '../explain';
import { asToolError } from '../errors';
import type { TokenSource } from '../token';
import { exchangeToken, revokeToken, type ChatApiClient, type ExchangeResult } from '../chat-api';
import { textAt, type Check } from '../model';
import { readToken, textClaim, redactTokens } from '../token';
import { toCheck, failed, inconclusive, passed, type CheckResult } from './check';
import type { ChannelContext } from './context';

type GrantedExchange = Extract<ExchangeResult, { kind: 'granted' }>;

/** What a good token came to: the checks, and the subject where it was accepted. */
export interface Acceptance {
  readonly checks: readonly Check[];
  readonly subject?: string;
}

const CHECK_NAMES = ['accepted', 'expected customer', 'token lifetime', 'revoked'] as const;

/** Exchanges one good token, looks at what came back, and revokes it. No conversation is opened. */
export async function testAcceptance(
  context: ChannelContext,
  client: ChatApiClient,
  expected: ExpectedToken | undefined,
): Promise<Acceptance> {
  const { source, noTokenReason: noTokenReason } = context.options;
  if (!source) return notTested(context, noTokenReason);
  if (!expected)
    return notTested(context, 'No active configuration of the source names a keyset, so no token is good.');
  if (source.key && !expected.key)
    return notTested(context, 'The private key belongs to no key of its keysets; npm run keys -- list shows them.');
  const token = await requestIdentityToken(context, source, expected);
  if (token.text === undefined) return exchangeFailed(context, failed(token.problem));
  const response = await exchangeToken(client, token.text);
  if (response.kind !== 'granted')
    return exchangeFailed(
      context,
      failed(`${describeResponse(response)} ${locateFailure(context, token.text)}`.trim()),
    );
  return evaluateExchange(context, client, expected, response, token.text);
}

async function requestIdentityToken(
  { org: { desired, live }, options, channel }: ChannelContext,
  source: TokenSource,
  { issuer, key }: ExpectedToken,
): Promise<{ readonly text: string } | { readonly text?: undefined; readonly problem: string }> {
  const spec = { org: desired.org.alias, orgId: live.facts.orgId, channel: channel.fullName, issuer };
  try {
    const kid = key?.kid === undefined ? {} : { kid: key.kid };
    return { text: await source.getToken({ ...spec, ...kid, subject: options.sub, now: options.now() }) };
  } catch (thrown) {
    const { what, why } = asToolError(thrown);
    return { problem: `${what} ${why}` };
  }
}

/** What the runtime said, for a sentence. */
export const describeResponse = (response: Exclude<ExchangeResult, GrantedExchange>): string =>
  response.kind === 'unexpected'
    ? response.reason
    : `The runtime says ${response.status}${response.message === '' ? '' : `: "${response.message}"`}.`;

/** The link at which a refused token is stuck, as far as anybody can tell from outside. */
function locateFailure({ orgView, channel, options }: ChannelContext, token: string): string {
  const failure = firstFailure(traceToken(orgView, channel, readToken(token), options.now()));
  return failure
    ? `First broken link, ${failure.link}: ${failure.detail} Mend: ${failure.fix}`
    : 'No link is seen to be broken: npm run token -- explain, with this token.';
}

async function evaluateExchange(
  context: ChannelContext,
  client: ChatApiClient,
  expected: ExpectedToken,
  granted: GrantedExchange,
  token: string,
): Promise<Acceptance> {
  const sub = textClaim(readToken(token).token?.claims ?? {}, 'sub') ?? '';
  const revokeProblem = await revokeToken(client, granted.accessToken);
  const customer = customerResult(granted.subject, subjectOf(expected.authIdentifier, sub));
  const accepted = /\/AUTH\//.test(granted.subject)
    ? acceptedResult(context, token)
    : failed('The token was taken, but its customer is a guest: nobody is verified.');
  const results = [
    accepted,
    customer,
    lifetimeResult(context, granted.lifetimeMinutes),
    revocationResult(revokeProblem),
  ];
  return {
    checks: CHECK_NAMES.map((name, index) =>
      toCheck('acceptance', context.channel.fullName, name, results[index] ?? inconclusive('')),
    ),
    ...(accepted.state === 'passed' && { subject: granted.subject }),
  };
}

/** A token that says nonsense of itself proves nothing good of its issuer, accepted or not. */
function acceptedResult({ orgView, channel, options }: ChannelContext, token: string): CheckResult {
  const failure = firstFailure(traceToken(orgView, channel, readToken(token), options.now()));
  return failure?.link === 'claims'
    ? failed(`The token was accepted, but: ${failure.detail} Mend: ${failure.fix}`)
    : passed('a good token was exchanged');
}

const customerResult = (actual: string, expected: string): CheckResult =>
  actual === expected
    ? passed(actual)
    : failed(`The customer is ${redactTokens(actual) || 'not named'}, not ${expected}.`);

/** Help: 60 minutes unless the channel says otherwise. */
const DEFAULT_LIFETIME_MINUTES = 60;

function lifetimeResult({ channel }: ChannelContext, minutes: number | undefined): CheckResult {
  const declaredMinutes = Number(
    textAt(channel.root, 'embeddedConfig.verifiedUserJwtExpirationTime') ?? DEFAULT_LIFETIME_MINUTES,
  );
  if (minutes === undefined) return inconclusive('The access token does not say how long it lives.');
  return Math.abs(minutes - declaredMinutes) < 1
    ? passed(`${declaredMinutes} minutes, as configured`)
    : failed(`The access token lives ${Math.round(minutes)} minutes; the channel says ${declaredMinutes}.`);
}

const revocationResult = (problem: string | undefined): CheckResult =>
  problem === undefined
    ? passed('at once')
    : failed(`The access token could not be revoked: ${problem} It lives on until it ends.`);

/** The first check came out so; what comes after it was not looked at. */
function exchangeFailed({ channel }: ChannelContext, result: CheckResult): Acceptance {
  const notTestedResult = inconclusive('No token was accepted.');
  return {
    checks: CHECK_NAMES.map((name, index) =>
      toCheck('acceptance', channel.fullName, name, index === 0 ? result : notTestedResult),
    ),
  };
}

/** Nothing is known of good tokens. */
export const notTested = (context: Pick<ChannelContext, 'channel'>, why: string): Acceptance =>
  sameForAll(context, inconclusive(why));

const sameForAll = ({ channel }: Pick<ChannelContext, 'channel'>, result: CheckResult): Acceptance => ({
  checks: CHECK_NAMES.map((name) => toCheck('acceptance', channel.fullName, name, result)),
});
