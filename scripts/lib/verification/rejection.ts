import type { ExpectedToken } from '../explain';
import {
  requestUnverifiedToken,
  exchangeToken,
  revokeToken,
  type ChatApiClient,
  type ExchangeResult,
} from '../chat-api';
import type { Check } from '../model';
import { redactTokens } from '../token';
import { describeResponse } from './acceptance';
import { toCheck, failed, inconclusive, passed, type CheckResult } from './check';
import { FORGED_TOKENS, type ForgeInput, type ForgedToken } from './forged-tokens';
import type { ChannelContext } from './context';

/**
 * Sends each forged token, no token, and a request for an unverified user; the org has to reject all of them. `accepted`:
 * whether the valid token was accepted. If the org rejects every token, a rejection doesn't show its reason. An access token
 * that is granted by mistake is revoked immediately.
 */
export async function rejectionChecks(
  context: ChannelContext,
  client: ChatApiClient,
  expected: ExpectedToken,
  accepted: boolean,
): Promise<readonly Check[]> {
  const { options, channel } = context;
  const { fullName } = channel;
  const trustedKey = expected.key && options.source?.key;
  const input: ForgeInput = {
    ...{ expected, sub: options.sub, now: options.now(), untrustedKey: options.untrustedKey },
    ...(trustedKey && { trustedKey }),
  };
  const ambiguity = accepted && trustedKey ? undefined : ambiguityFor(context, trustedKey !== undefined);
  const forgedChecks = FORGED_TOKENS.map(async (token) => {
    const response = await attemptExchange(client, () => exchangeToken(client, token.forge(input)));
    return toCheck('rejection', fullName, token.name, evaluateForgedToken(token, response, ambiguity));
  });
  const withoutTokenChecks = Object.entries({
    'no token': exchangeToken,
    'unverified user': requestUnverifiedToken,
  }).map(async ([name, attempt]) =>
    toCheck('rejection', fullName, name, noTokenResult(await attemptExchange(client, () => attempt(client)))),
  );
  return Promise.all([...forgedChecks, ...withoutTokenChecks]);
}

/** The reason why a rejection can have a second cause, and the way to exclude it. */
function ambiguityFor({ org }: ChannelContext, hasTrustedKey: boolean): string {
  if (hasTrustedKey)
    return 'Rejected, but the valid token was not accepted either. Fix: resolve the failed "accepted" check.';
  const untrusted = 'Rejected, but the token was also signed with an untrusted key, which is a sufficient reason.';
  return org.desired.org.kind === 'production'
    ? `${untrusted} Only --private-key can isolate this defect, and it isn't used for production orgs.`
    : `${untrusted} Fix: verify with the --private-key of a key that the channel trusts.`;
}

/** Sends a request and revokes a granted access token before anything is reported. */
async function attemptExchange(
  client: ChatApiClient,
  attempt: () => Promise<ExchangeResult>,
): Promise<ExchangeResult & { readonly revokeProblem?: string }> {
  const response = await attempt();
  const revokeProblem = response.kind === 'granted' ? await revokeToken(client, response.accessToken) : undefined;
  return { ...response, ...(revokeProblem !== undefined && { revokeProblem }) };
}

type AttemptResult = Awaited<ReturnType<typeof attemptExchange>>;

function evaluateForgedToken(
  { risk, needsTrustedKey }: ForgedToken,
  response: AttemptResult,
  ambiguity: string | undefined,
): CheckResult {
  if (response.kind !== 'granted') return rejectedResult(response, needsTrustedKey && ambiguity);
  if (!/\/AUTH\//.test(response.subject))
    return passed(
      `Not verified: the org granted an access token for an unverified user (${redactTokens(response.subject) || 'no subject'}).`,
    );
  return failed(`ACCEPTED. ${risk}${revokeProblemNote(response)}`);
}

/** The statuses of a rejection. A server error, too many requests, or a missing path reject nothing. */
const REJECTION_STATUSES: ReadonlySet<number> = new Set([400, 401, 403, 412]);

function rejectedResult(
  response: Exclude<AttemptResult, { kind: 'granted' }>,
  ambiguity: string | undefined,
): CheckResult {
  if (response.kind === 'unexpected' || !REJECTION_STATUSES.has(response.status))
    return inconclusive(describeResponse(response));
  return ambiguity === undefined ? passed(`Rejected. ${describeResponse(response)}`) : inconclusive(ambiguity);
}

function noTokenResult(response: AttemptResult): CheckResult {
  if (response.kind !== 'granted') return rejectedResult(response, undefined);
  const subject = redactTokens(response.subject) || 'nobody';
  return failed(
    `ACCEPTED as ${subject}. Unverified users can chat on a verified channel.${revokeProblemNote(response)}`,
  );
}

const revokeProblemNote = ({ revokeProblem }: AttemptResult): string =>
  revokeProblem === undefined ? '' : ` The access token couldn't be revoked: ${revokeProblem}`;
