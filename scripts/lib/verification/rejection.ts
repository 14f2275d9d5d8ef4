import { requestUnverifiedToken, exchangeToken, type ExchangeResult } from '../chat-api';
import type { Check } from '../model';
import { redactTokens } from '../token';
import { describeResponse, isVerifiedSubject, type Acceptance } from './acceptance';
import { expectedTokenOf, type ChannelKeys } from './channel-keys';
import { toCheck, failed, inconclusive, passed, type CheckResult } from './check';
import { commandSigner } from './command-signer';
import type { ChatContext } from './context';
import { FORGED_TOKENS, signWithRejectedKey, type ForgedToken, type ForgeInput } from './forged-tokens';
import { isRejection, type TokenResponse } from './token-requests';

/** Which forged tokens are sent: all of them, or the few that every chat deployment gets. */
export type RejectionScope = 'all' | 'basic';

/**
 * Sends forged tokens, no token, and a request for an unverified user; the org has to reject all of them. A rejection counts
 * only if a valid token was accepted: otherwise, the org may reject every token, for example because the channel is inactive.
 */
export async function rejectionChecks(
  context: ChatContext,
  keys: ChannelKeys,
  { accepted }: Acceptance,
  scope: RejectionScope,
): Promise<readonly Check[]> {
  const { client, requests, channel } = context;
  const check = async (attempt: Attempt): Promise<Check> => {
    const { problem, send } = attempt;
    const result =
      problem === undefined
        ? evaluate(context, attempt, await requests.send(client, send), accepted !== undefined)
        : inconclusive(problem);
    return toCheck('rejection', channel.fullName, attempt.name, result);
  };
  const tokens = tokenAttempts(context, keys, accepted?.token, scope);
  return Promise.all([...tokens, ...withoutTokenAttempts(context)].map(check));
}

/** A request that the org has to reject. */
interface Attempt extends Pick<ForgedToken, 'name' | 'isUndocumented'> {
  /** The consequence if it is accepted. */
  readonly risk: string;
  readonly rule?: string;
  readonly send: () => Promise<ExchangeResult>;
  /** The reason why it can't be sent. */
  readonly problem?: string | undefined;
  /** Whether an access token for an unverified user is also a failure. */
  readonly rejectsEverybody?: true;
}

function tokenAttempts(
  context: ChatContext,
  keys: ChannelKeys,
  validToken: string | undefined,
  scope: RejectionScope,
): readonly Attempt[] {
  const { client } = context;
  const forgeInput = forgeInputFor(context, keys, validToken);
  if (!forgeInput) return [];
  const sendToken = (forge: (input: ForgeInput) => string) => () => exchangeToken(client, forge(forgeInput()));
  const forged = FORGED_TOKENS.filter(
    ({ isBasic, needs }) =>
      (scope === 'all' || isBasic === true) && (needs !== 'foreign kid' || keys.foreignKid !== undefined),
  );
  const signByCommand = commandSigner(context);
  const sendByCommand = (token: ForgedToken) => async (): Promise<ExchangeResult> => {
    const signed = token.toSign && (await signByCommand(forgeInput(), token.toSign));
    return signed === undefined
      ? { kind: 'unexpected', reason: trustedKeyReason(context) }
      : exchangeToken(client, signed);
  };
  return [
    ...forged.map((token) => ({
      ...token,
      problem: missingPart(context, token, forgeInput()),
      send: token.needs === 'trusted key' && !keys.trusted ? sendByCommand(token) : sendToken(token.forge),
    })),
    ...(scope === 'all' ? keys.rejected : []).map(({ name, privateKey, kid, alg }) => ({
      name,
      ...REJECTED_KEYS[name],
      send: sendToken((input) => signWithRejectedKey(input, privateKey, kid, alg)),
    })),
  ];
}

const REJECTED_KEYS = {
  'retired key': {
    rule: 'Salesforce Help, set up user verification: a keyset lists its keys',
    risk: "A key that the channel's keysets don't list still signs tokens for any customer.",
  },
  'inactive key': {
    rule: 'Salesforce Help, set up user verification: a key is active or not',
    risk: 'A key that is not active still signs tokens for any customer.',
  },
  'unusable key': {
    rule: 'Salesforce Help, troubleshooting: a key needs a certificate that has not expired',
    risk: 'A key without a valid certificate signs tokens for any customer.',
    isUndocumented: true,
  },
} as const;

/** Returns the input for a token that is sent now, or undefined if no token is valid for the channel. */
function forgeInputFor(
  { options: { sub, attacker, now } }: ChatContext,
  { expectedTokens, trusted, foreignKid }: ChannelKeys,
  validToken: string | undefined,
): (() => ForgeInput) | undefined {
  const expected =
    trusted?.expected ?? (validToken === undefined ? expectedTokens[0] : expectedTokenOf(expectedTokens, validToken));
  const trustedKey = trusted?.privateKey;
  return expected && (() => ({ expected, sub, attacker, now: now(), trustedKey, validToken, foreignKid }));
}

/** The reason why a token can't be built. Signed with another key, it would have a second defect. */
function missingPart(context: ChatContext, { needs }: ForgedToken, input: ForgeInput): string | undefined {
  const { tokenCommand, privateKeys } = context.options;
  if (needs === 'valid token' && input.validToken === undefined) return NOT_ACCEPTED;
  if (needs !== 'trusted key' || input.trustedKey) return undefined;
  if (tokenCommand || privateKeys.length > 0) return input.validToken === undefined ? NOT_ACCEPTED : undefined;
  return trustedKeyReason(context);
}

/** Why a token that needs the signature of a trusted key isn't tested. */
function trustedKeyReason({ org, options: { tokenCommand } }: ChatContext): string {
  const fixes = [
    ...(tokenCommand ? ["The token command didn't sign TOKEN_TO_SIGN."] : []),
    org.desired.org.kind === 'production'
      ? '--private-key is not used for production orgs.'
      : 'Fix: verify with its --private-key.',
  ];
  return ['Not tested: this token must be signed with a key that the channel trusts.', ...fixes].join(' ');
}

const NOT_ACCEPTED =
  'No valid token was accepted, so a rejection of this token would show nothing. Fix: resolve the "accepted" check.';

const withoutTokenAttempts = ({ client }: ChatContext): readonly Attempt[] => [
  { name: 'no token', ...EVERYBODY, send: () => exchangeToken(client) },
  { name: 'unverified user', ...EVERYBODY, send: () => requestUnverifiedToken(client) },
];

const EVERYBODY = { risk: 'Unverified users can chat on a verified channel.', rejectsEverybody: true } as const;

function evaluate(
  { options }: ChatContext,
  attempt: Attempt,
  response: TokenResponse,
  isConclusive: boolean,
): CheckResult {
  if (response.kind === 'granted' && (attempt.rejectsEverybody || isVerifiedSubject(response.subject)))
    return acceptedResult(attempt, response, options.tolerated);
  if (response.kind !== 'granted' && !isRejection(response)) return inconclusive(describeResponse(response));
  if (!isConclusive) return inconclusive(NO_CONTROL);
  return response.kind === 'granted'
    ? passed(`Not verified: the org granted an access token for an unverified user (${customerOf(response)}).`)
    : passed(`Rejected. ${describeResponse(response)}`);
}

const NO_CONTROL =
  'Rejected, but no valid token was accepted either, so the org may reject every token. Fix: resolve the "accepted" check.';

type Granted = Extract<TokenResponse, { kind: 'granted' }>;

const customerOf = ({ subject }: Granted): string => redactTokens(subject) || 'nobody';

function acceptedResult(
  { name, risk, rule, isUndocumented, rejectsEverybody }: Attempt,
  granted: Granted,
  tolerated: ReadonlyMap<string, string>,
): CheckResult {
  const { revokeProblem } = granted;
  const detail = [
    rejectsEverybody ? `ACCEPTED as ${customerOf(granted)}. ${risk}` : `ACCEPTED. ${risk}`,
    ...(rule === undefined ? [] : [`Required by: ${rule}.`]),
    ...(isUndocumented ? [`Salesforce doesn't document whether it checks this. ${toleranceHint(name)}`] : []),
    ...(revokeProblem === undefined ? [] : [`The access token couldn't be revoked: ${revokeProblem}`]),
  ].join(' ');
  const accepted = isUndocumented ? tolerated.get(name) : undefined;
  return accepted === undefined ? failed(detail) : { ...passed(detail), tolerated: accepted };
}

const toleranceHint = (name: string): string => `To accept it, add --tolerate "${name}".`;

/** A check, and the answers of `calibrate` with which Salesforce accepts its token. */
const KNOWN_BEHAVIOR: readonly (readonly [check: string, question: string, answers: readonly string[]])[] = [
  ['issuer slash mismatch', 'issuer-slash', ['ignored']],
  ['no exp', 'exp-required', ['optional']],
  ['not yet valid', 'nbf', ['ignored']],
  ['crit', 'crit', ['ignored']],
  ['duplicate iss', 'duplicate-claim', ['first', 'last']],
  ['unusable key', 'key-without-x5c', ['verifies-tokens']],
];

/**
 * The checks whose tokens Salesforce accepts, as `calibrate` found, with the question of the answer. Nothing in an org can change that,
 * so they are tolerated.
 */
export const checksToleratedBy = (answers: ReadonlyMap<string, string>): ReadonlyMap<string, string> =>
  new Map(
    KNOWN_BEHAVIOR.filter(([, question, accepting]) => accepting.includes(answers.get(question) ?? '')).map(
      ([check, question]) => [check, question],
    ),
  );

/** The checks that `--tolerate` can name. */
export const TOLERABLE_CHECKS: readonly string[] = [
  ...FORGED_TOKENS.filter(({ isUndocumented }) => isUndocumented).map(({ name }) => name),
  'unusable key',
];
