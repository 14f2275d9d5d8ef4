import type { ExpectedToken } from '../explain';
import {
  requestUnverifiedToken,
  exchangeToken,
  revokeToken,
  type ChatApiClient,
  type ExchangeResult,
} from '../chat-api';
import type { Check } from '../model';
import { describeResponse } from './acceptance';
import { toCheck, failed, inconclusive, passed, type CheckResult } from './check';
import { FORGED_TOKENS, type ForgeInput, type ForgedToken } from './forged-tokens';
import type { ChannelContext } from './context';
import { redactTokens } from '../token';

const UNVERIFIED_RISK = 'Guests get into a channel that is for verified customers.';

/**
 * Tries every token that must be refused, and no token at all. `accepted` tells whether a good one was accepted: where
 * everything is refused, a refusal says little about its reason. A token that is handed out by mistake is revoked at once.
 */
export async function rejectionChecks(
  context: ChannelContext,
  client: ChatApiClient,
  expected: ExpectedToken,
  accepted: boolean,
): Promise<readonly Check[]> {
  const { options, channel } = context;
  const trustedKeyOption = expected.key && options.source?.key ? { trustedKey: options.source.key } : {};
  const input: ForgeInput = {
    expected: expected,
    sub: options.sub,
    now: options.now(),
    untrustedKey: options.untrustedKey,
    ...trustedKeyOption,
  };
  const isSingleDefect = input.trustedKey !== undefined && accepted;
  const { fullName } = channel;
  const forgedChecks = FORGED_TOKENS.map(async (token) => {
    const response = await attemptExchange(client, () => exchangeToken(client, token.forge(input)));
    return toCheck('rejection', fullName, token.name, evaluateForgedToken(token, response, isSingleDefect));
  });
  const withoutTokenChecks = Object.entries({
    'no token': exchangeToken,
    'unverified user': requestUnverifiedToken,
  }).map(async ([name, attempt]) =>
    toCheck('rejection', fullName, name, noTokenResult(await attemptExchange(client, () => attempt(client)))),
  );
  return Promise.all([...forgedChecks, ...withoutTokenChecks]);
}

/** How an attempt was answered; what was handed out is worthless before anybody is told. */
async function attemptExchange(
  client: ChatApiClient,
  attempt: () => Promise<ExchangeResult>,
): Promise<ExchangeResult & { readonly revokeProblem?: string }> {
  const response = await attempt();
  const revokeProblem = response.kind === 'granted' ? await revokeToken(client, response.accessToken) : undefined;
  return { ...response, ...(revokeProblem !== undefined && { revokeProblem: revokeProblem }) };
}

type AttemptResult = Awaited<ReturnType<typeof attemptExchange>>;

function evaluateForgedToken(
  { risk, needsTrustedKey }: ForgedToken,
  response: AttemptResult,
  isSingleDefect: boolean,
): CheckResult {
  if (response.kind !== 'granted') return rejectedResult(response, needsTrustedKey === true && !isSingleDefect);
  if (!/\/AUTH\//.test(response.subject))
    return passed(
      `Not verified: the runtime gave a guest's token instead (${redactTokens(response.subject) || 'no subject'}).`,
    );
  return failed(`ACCEPTED. ${risk}${revokeProblemNote(response)}`);
}

const AMBIGUOUS_REJECTION =
  'Refused, but the token was signed with a key that the org does not trust, which is reason enough by itself. Only --private-key, with a good token accepted, tells the two apart; production takes no private key, so there it stays open.';

/** Statuses with which a runtime refuses; an error of the server, too many requests, or a path that is not there refuse nobody. */
const REJECTION_STATUSES: ReadonlySet<number> = new Set([400, 401, 403, 412]);

function rejectedResult(response: Exclude<AttemptResult, { kind: 'granted' }>, isAmbiguous: boolean): CheckResult {
  if (response.kind === 'unexpected' || !REJECTION_STATUSES.has(response.status))
    return inconclusive(describeResponse(response));
  if (!isAmbiguous) return passed(`refused. ${describeResponse(response)}`);
  return inconclusive(AMBIGUOUS_REJECTION);
}

function noTokenResult(response: AttemptResult): CheckResult {
  return response.kind === 'granted'
    ? failed(
        `ACCEPTED, as ${redactTokens(response.subject) || 'nobody'}. ${UNVERIFIED_RISK}${revokeProblemNote(response)}`,
      )
    : rejectedResult(response, false);
}

const revokeProblemNote = ({ revokeProblem }: AttemptResult): string =>
  revokeProblem === undefined ? '' : ` The token could not be revoked: ${revokeProblem}`;
