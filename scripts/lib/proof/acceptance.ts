import { firstBroken, subjectOf, walkToken, type Pair } from '../chain';
import { asToolError } from '../errors';
import type { TokenSource } from '../issuer';
import { exchange, revoke, type Client, type Exchange } from '../messaging';
import { textAt, type Check } from '../model';
import { readToken, textClaim, withoutTokens } from '../token';
import { checkOf, failed, notProven, proven, type Finding } from './check';
import type { Stage } from './subject';

type Granted = Extract<Exchange, { kind: 'granted' }>;

/** What a good token came to: the checks, and the subject where it was accepted. */
export interface Acceptance {
  readonly checks: readonly Check[];
  readonly subject?: string;
}

const NAMES = ['accepted', 'right customer', 'life', 'revoked'] as const;

/** Exchanges one good token, looks at what came back, and revokes it. No conversation is opened. */
export async function prove(stage: Stage, client: Client, pair: Pair | undefined): Promise<Acceptance> {
  const { source, sourceless } = stage.means;
  if (!source) return unproven(stage, sourceless);
  if (!pair) return unproven(stage, 'No active configuration of the source names a keyset, so no token is good.');
  if (source.key && !pair.key)
    return unproven(stage, 'The private key belongs to no key of its keysets; npm run keys -- list shows them.');
  const token = await tokenOf(stage, source, pair);
  if (token.text === undefined) return first(stage, failed(token.problem));
  const answer = await exchange(client, token.text);
  if (answer.kind !== 'granted') return first(stage, failed(`${saidBy(answer)} ${whereIn(stage, token.text)}`.trim()));
  return judged(stage, client, pair, answer, token.text);
}

async function tokenOf(
  { subject: { desired, live }, means, channel }: Stage,
  source: TokenSource,
  { issuer, key }: Pair,
): Promise<{ readonly text: string } | { readonly text?: undefined; readonly problem: string }> {
  const wish = { org: desired.org.alias, orgId: live.facts.orgId, channel: channel.fullName, issuer };
  try {
    const kid = key?.kid === undefined ? {} : { kid: key.kid };
    return { text: await source.token({ ...wish, ...kid, subject: means.sub, now: means.now() }) };
  } catch (thrown) {
    const { what, why } = asToolError(thrown);
    return { problem: `${what} ${why}` };
  }
}

/** What the runtime said, for a sentence. */
export const saidBy = (answer: Exclude<Exchange, Granted>): string =>
  answer.kind === 'odd'
    ? answer.reason
    : `The runtime says ${answer.status}${answer.message === '' ? '' : `: "${answer.message}"`}.`;

/** The link at which a refused token is stuck, as far as anybody can tell from outside. */
function whereIn({ picture, channel, means }: Stage, token: string): string {
  const gap = firstBroken(walkToken(picture, channel, readToken(token), means.now()));
  return gap
    ? `First broken link, ${gap.link}: ${gap.detail} Mend: ${gap.fix}`
    : 'No link is seen to be broken: npm run token -- explain, with this token.';
}

async function judged(stage: Stage, client: Client, pair: Pair, granted: Granted, token: string): Promise<Acceptance> {
  const sub = textClaim(readToken(token).token?.claims ?? {}, 'sub') ?? '';
  const lives = await revoke(client, granted.accessToken);
  const customer = customerOf(granted.subject, subjectOf(pair.authIdentifier, sub));
  const accepted = /\/AUTH\//.test(granted.subject)
    ? goodness(stage, token)
    : failed('The token was taken, but its customer is a guest: nobody is verified.');
  const findings = [accepted, customer, lifeOf(stage, granted.minutes), revoked(lives)];
  return {
    checks: NAMES.map((name, index) =>
      checkOf('acceptance', stage.channel.fullName, name, findings[index] ?? notProven('')),
    ),
    ...(accepted.state === 'ok' && { subject: granted.subject }),
  };
}

/** A token that says nonsense of itself proves nothing good of its issuer, accepted or not. */
function goodness({ picture, channel, means }: Stage, token: string): Finding {
  const gap = firstBroken(walkToken(picture, channel, readToken(token), means.now()));
  return gap?.link === 'claims'
    ? failed(`The token was accepted, but: ${gap.detail} Mend: ${gap.fix}`)
    : proven('a good token was exchanged');
}

const customerOf = (seen: string, expected: string): Finding =>
  seen === expected ? proven(seen) : failed(`The customer is ${withoutTokens(seen) || 'not named'}, not ${expected}.`);

/** Help: 60 minutes unless the channel says otherwise. */
const DEFAULT_MINUTES = 60;

function lifeOf({ channel }: Stage, minutes: number | undefined): Finding {
  const stated = Number(textAt(channel.root, 'embeddedConfig.verifiedUserJwtExpirationTime') ?? DEFAULT_MINUTES);
  if (minutes === undefined) return notProven('The access token does not say how long it lives.');
  return Math.abs(minutes - stated) < 1
    ? proven(`${stated} minutes, as configured`)
    : failed(`The access token lives ${Math.round(minutes)} minutes; the channel says ${stated}.`);
}

const revoked = (problem: string | undefined): Finding =>
  problem === undefined
    ? proven('at once')
    : failed(`The access token could not be revoked: ${problem} It lives on until it ends.`);

/** The first check came out so; what comes after it was not looked at. */
function first({ channel }: Stage, finding: Finding): Acceptance {
  const rest = notProven('No token was accepted.');
  return {
    checks: NAMES.map((name, index) => checkOf('acceptance', channel.fullName, name, index === 0 ? finding : rest)),
  };
}

/** Nothing is known of good tokens. */
export const unproven = (stage: Pick<Stage, 'channel'>, why: string): Acceptance => all(stage, notProven(why));

const all = ({ channel }: Pick<Stage, 'channel'>, finding: Finding): Acceptance => ({
  checks: NAMES.map((name) => checkOf('acceptance', channel.fullName, name, finding)),
});
