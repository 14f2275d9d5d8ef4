import type { KeyObject } from 'node:crypto';
import { expectedTokensFor, keysOf, type ExpectedToken, type Key } from '../explain';
import { readToken, textClaim, thumbprintOf } from '../token';
import type { ChannelContext } from './context';

/** A private key of a key that a channel must not trust. */
export interface RejectedKey {
  readonly name: 'retired key' | 'inactive key' | 'unusable key';
  readonly privateKey: KeyObject;
  readonly kid: string;
  readonly alg: string | undefined;
}

/** The keys that the tokens for a channel are signed with. */
export interface ChannelKeys {
  /** The valid tokens of the channel, usable keys first. The desired state decides: if the live state differs, tokens must fail. */
  readonly expectedTokens: readonly ExpectedToken[];
  /** The valid token of the private key that the channel trusts, if there is one. */
  readonly trusted?: { readonly expected: ExpectedToken; readonly privateKey: KeyObject };
  readonly rejected: readonly RejectedKey[];
  /** The kid of a key in the org that no keyset of the channel lists. */
  readonly foreignKid?: string;
}

/** Finds out which of the given private keys the channel trusts, according to the desired state. */
export function channelKeys(context: Omit<ChannelContext, 'requests'>): ChannelKeys {
  const { org, orgView, channel, options } = context;
  const now = options.now();
  const declaredView = { ...orgView, components: org.desired.components };
  const expectedTokens = [...expectedTokensFor(declaredView, channel.fullName, now)].sort(byUsability);
  const given = options.privateKeys.map((privateKey) => ({ privateKey, thumbprint: thumbprintOf(privateKey) }));
  const trusted = expectedTokens.flatMap((expected) => {
    const match = given.find(({ thumbprint }) => expected.key?.active && expected.key.thumbprint === thumbprint);
    return match ? [{ expected, privateKey: match.privateKey }] : [];
  })[0];
  const known = [...keysOf(orgView, now), ...keysOf(declaredView, now)];
  const foreignKid = known.find(
    ({ kid }) => kid !== undefined && !expectedTokens.some(({ key }) => key?.kid === kid),
  )?.kid;
  return {
    expectedTokens,
    rejected: given
      .filter(({ privateKey }) => privateKey !== trusted?.privateKey)
      .flatMap((each) => rejectedKey(each, expectedTokens, known)),
    ...(trusted && { trusted }),
    ...(foreignKid !== undefined && { foreignKid }),
  };
}

const isUsable = ({ key }: ExpectedToken): boolean => key?.active === true && key.problems.length === 0;

const byUsability = (one: ExpectedToken, other: ExpectedToken): number =>
  Number(isUsable(other)) - Number(isUsable(one));

/** The kid is the one in the org, because the org looks the key up by it. A key that nobody knows has none. */
function rejectedKey(
  { privateKey, thumbprint }: { readonly privateKey: KeyObject; readonly thumbprint: string },
  expectedTokens: readonly ExpectedToken[],
  known: readonly Key[],
): readonly RejectedKey[] {
  const key = known.find((each) => each.thumbprint === thumbprint);
  if (key?.kid === undefined) return [];
  const listed = expectedTokens.flatMap((expected) => (expected.key?.thumbprint === thumbprint ? [expected] : []));
  if (listed.some(isUsable)) return [];
  const isActive = listed.some((expected) => expected.key?.active === true);
  const name = listed.length === 0 ? 'retired key' : isActive ? 'unusable key' : 'inactive key';
  return [{ name, privateKey, kid: key.kid, alg: key.alg }];
}

/** The expected token that a token of the token service corresponds to, by its kid and issuer; else the first one. */
export function expectedTokenOf(expectedTokens: readonly ExpectedToken[], token: string): ExpectedToken | undefined {
  const { header = {}, claims = {} } = readToken(token).token ?? {};
  const [kid, issuer] = [textClaim(header, 'kid'), textClaim(claims, 'iss')];
  const sameIssuer = expectedTokens.filter((expected) => expected.issuer === issuer);
  return sameIssuer.find(({ key }) => key?.kid === kid) ?? sameIssuer[0] ?? expectedTokens[0];
}
