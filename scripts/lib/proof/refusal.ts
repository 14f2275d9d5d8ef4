import type { Pair } from '../chain';
import { askAsGuest, exchange, revoke, type Client, type Exchange } from '../messaging';
import type { Check } from '../model';
import { saidBy } from './acceptance';
import { checkOf, failed, notProven, proven, type Finding } from './check';
import { FORGED, type Forge, type Forged } from './forged';
import type { Stage } from './subject';
import { withoutTokens } from '../token';

const GUESTS = 'Guests get into a channel that is for verified customers.';

/**
 * Tries every token that must be refused, and no token at all. `accepted` tells whether a good one was accepted: where
 * everything is refused, a refusal says little about its reason. A token that is handed out by mistake is revoked at once.
 */
export async function refusalChecks(
  stage: Stage,
  client: Client,
  pair: Pair,
  accepted: boolean,
): Promise<readonly Check[]> {
  const { means, channel } = stage;
  const trusted = pair.key && means.source?.key ? { trusted: means.source.key } : {};
  const forge: Forge = { pair, sub: means.sub, now: means.now(), stranger: means.stranger, ...trusted };
  const isolated = forge.trusted !== undefined && accepted;
  const { fullName } = channel;
  const forged = FORGED.map(async (each) => {
    const answer = await tried(client, () => exchange(client, each.make(forge)));
    return checkOf('refusal', fullName, each.name, judged(each, answer, isolated));
  });
  const bare = Object.entries({ 'no token': exchange, guest: askAsGuest }).map(async ([name, attempt]) =>
    checkOf('refusal', fullName, name, withoutToken(await tried(client, () => attempt(client)))),
  );
  return Promise.all([...forged, ...bare]);
}

/** How an attempt was answered; what was handed out is worthless before anybody is told. */
async function tried(
  client: Client,
  attempt: () => Promise<Exchange>,
): Promise<Exchange & { readonly lives?: string }> {
  const answer = await attempt();
  const lives = answer.kind === 'granted' ? await revoke(client, answer.accessToken) : undefined;
  return { ...answer, ...(lives !== undefined && { lives }) };
}

type Tried = Awaited<ReturnType<typeof tried>>;

function judged({ danger, needsTrusted }: Forged, answer: Tried, isolated: boolean): Finding {
  if (answer.kind !== 'granted') return refused(answer, needsTrusted === true && !isolated);
  if (!/\/AUTH\//.test(answer.subject))
    return proven(
      `Not verified: the runtime gave a guest's token instead (${withoutTokens(answer.subject) || 'no subject'}).`,
    );
  return failed(`ACCEPTED. ${danger}${leftover(answer)}`);
}

const BLURRED =
  'Refused, but the token was signed with a key that the org does not trust, which is reason enough by itself. Only --private-key, with a good token accepted, tells the two apart; production takes no private key, so there it stays open.';

/** Statuses with which a runtime refuses; an error of the server, too many requests, or a path that is not there refuse nobody. */
const REFUSING: ReadonlySet<number> = new Set([400, 401, 403, 412]);

function refused(answer: Exclude<Tried, { kind: 'granted' }>, isBlurred: boolean): Finding {
  if (answer.kind === 'odd' || !REFUSING.has(answer.status)) return notProven(saidBy(answer));
  if (!isBlurred) return proven(`refused. ${saidBy(answer)}`);
  return notProven(BLURRED);
}

function withoutToken(answer: Tried): Finding {
  return answer.kind === 'granted'
    ? failed(`ACCEPTED, as ${withoutTokens(answer.subject) || 'nobody'}. ${GUESTS}${leftover(answer)}`)
    : refused(answer, false);
}

const leftover = ({ lives }: Tried): string => (lives === undefined ? '' : ` The token could not be revoked: ${lives}`);
