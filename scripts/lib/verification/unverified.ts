import { requestUnverifiedToken } from '../chat-api';
import { firstFailure, traceUnverifiedChannel } from '../explain';
import type { Check } from '../model';
import { redactTokens } from '../token';
import {
  configuredMinutes,
  describeFailure,
  describeResponse,
  exchangeValidToken,
  isVerifiedSubject,
  lifetimeResult,
  validTokenSource,
} from './acceptance';
import type { ChannelKeys } from './channel-keys';
import { failed, inconclusive, passed, toCheck, type CheckResult } from './check';
import type { ChatContext } from './context';
import { isRejection, type TokenResponse } from './token-requests';

/** Help, set up user verification: 360 minutes unless the channel has another value. */
const DEFAULT_UNVERIFIED_MINUTES = 360;

/**
 * Tests a chat deployment of an unverified channel: an unverified user gets an access token with the lifetime of the channel,
 * and a verified user doesn't. `keys` are those of a verified channel of the org; without one, no token is valid.
 */
export async function unverifiedChecks(context: ChatContext, keys: ChannelKeys | undefined): Promise<readonly Check[]> {
  const { client, requests, channel } = context;
  const [response, verifiedUser] = await Promise.all([
    requests.send(client, () => requestUnverifiedToken(client)),
    keys && verifiedUserResult(context, keys),
  ]);
  return [
    ...Object.entries(grantResults(context, response)).map(([name, result]) =>
      toCheck('acceptance', channel.fullName, name, result),
    ),
    ...(verifiedUser ? [toCheck('rejection', channel.fullName, 'verified user', verifiedUser)] : []),
  ];
}

const NAMES = ['unverified user accepted', 'token lifetime', 'revoked'] as const;
type GrantResults = Readonly<Record<(typeof NAMES)[number], CheckResult>>;

/** The results of an unverified channel whose chat deployments can't be reached. */
export const unverifiedNotTested = (channel: string, reason: string): readonly Check[] =>
  NAMES.map((name) => toCheck('acceptance', channel, name, inconclusive(reason)));

function grantResults(context: ChatContext, response: TokenResponse): GrantResults {
  if (response.kind !== 'granted') {
    const failure = firstFailure(traceUnverifiedChannel(context.orgView, context.channel, context.options.now()));
    const cause = failure ? ` First failed step: ${describeFailure(failure)}` : '';
    const rest = inconclusive('No access token was granted.');
    const problem = `${describeResponse(response)}${cause}`;
    const state = isRejection(response) ? failed(problem) : inconclusive(problem);
    return { 'unverified user accepted': state, 'token lifetime': rest, revoked: rest };
  }
  const { subject, lifetimeMinutes, revokeProblem } = response;
  const expectedMinutes = configuredMinutes(context, 'anonymousUserJwtExpirationTime', DEFAULT_UNVERIFIED_MINUTES);
  return {
    'unverified user accepted': isVerifiedSubject(subject)
      ? failed(`The customer is a verified user without a token: ${redactTokens(subject)}.`)
      : passed('An access token was granted.'),
    'token lifetime': lifetimeResult(lifetimeMinutes, expectedMinutes),
    revoked:
      revokeProblem === undefined
        ? passed('revoked immediately')
        : inconclusive(`Salesforce documents the revocation for verified users only. ${revokeProblem}`),
  };
}

/** A token that a verified channel accepts must not make a verified user on a channel without user verification. */
async function verifiedUserResult(context: ChatContext, keys: ChannelKeys): Promise<CheckResult> {
  const source = validTokenSource(context, keys);
  if ('problem' in source) return inconclusive(source.problem);
  const attempt = await exchangeValidToken(context, source);
  if ('problem' in attempt) return inconclusive(attempt.problem);
  const { response } = attempt;
  if (response.kind === 'granted')
    return isVerifiedSubject(response.subject)
      ? failed('ACCEPTED. The channel verifies users although its user verification is off.')
      : passed('Not verified: the org granted an access token for an unverified user.');
  return isRejection(response)
    ? passed(`Rejected. ${describeResponse(response)}`)
    : inconclusive(describeResponse(response));
}
