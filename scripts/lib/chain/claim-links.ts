import { firstDifference, numberClaim, textClaim, verifies, type Token } from '../token';
import { broken, deployFix, named, ok, unknown, type Link, type Look, type TokenScene, type Way } from './link';
import { configurationsOf, issuerOf } from './picture';
import { textAt } from '../model';

/** Whether the keyset takes what the token says of itself. */
export const CLAIM_LINKS: readonly Link<TokenScene>[] = [
  { name: 'issuer', look: issuer },
  { name: 'times', look: times },
  { name: 'signature', look: signature },
];

function issuer({ token, ways, channel, picture }: TokenScene): Look {
  const given = textClaim(token.claims, 'iss') ?? '';
  const open = ways.filter(({ keyset }) => keyset && issuerOf(keyset) === given);
  if (open.length > 0) return ok(JSON.stringify(given), open);
  // Of several keysets, the one that the channel has is meant.
  const attached = new Set(configurationsOf(channel).map((each) => textAt(each, 'publicKeyCertificateSetName')));
  const { keyset } = ways.find((way) => attached.has(way.keyset?.fullName)) ?? ways[0] ?? {};
  const stated = keyset ? issuerOf(keyset) : '';
  const name = keyset?.fullName ?? '';
  return broken(
    `${name} has ${JSON.stringify(stated)}, the token ${JSON.stringify(given)}: ${firstDifference(stated, given) ?? ''}.`,
    `Make both the same: the iss of the issuer, or jwtIssuer of ${name} (for one org under "overrides" of its file), then ${deployFix(picture)}.`,
  );
}

/** Salesforce does not say how much two clocks may differ, so nothing is allowed for here. */
function times({ token, now }: TokenScene): Look {
  const at = now.getTime() / 1000;
  const [exp, nbf, iat] = ['exp', 'nbf', 'iat'].map((name) => numberClaim(token.claims, name));
  const fix = 'Have the issuer make a new token, and let clients fetch one before the old one ends. Clocks: use NTP.';
  if (exp === undefined || exp <= at)
    return broken(`The token ended ${span(at - (exp ?? 0))} before ${now.toISOString()} (exp ${moment(exp)}).`, fix);
  if (nbf !== undefined && nbf > at)
    return broken(`The token starts ${span(nbf - at)} after ${now.toISOString()} (nbf ${moment(nbf)}).`, fix);
  if (iat !== undefined && iat > at)
    return unknown(
      `The token was issued ${span(iat - at)} after ${now.toISOString()}: the issuer's clock is ahead, or this one behind.`,
    );
  return ok(`for ${span(exp - at)} more`);
}

/** Seconds as a person says them. */
function span(seconds: number): string {
  const [minutes, hours, days] = [60, 3600, 86_400].map((unit) => seconds / unit);
  if ((days ?? 0) >= 2) return `${Math.floor(days ?? 0)} days`;
  if ((hours ?? 0) >= 2) return `${Math.floor(hours ?? 0)} hours`;
  return (minutes ?? 0) >= 2 ? `${Math.floor(minutes ?? 0)} minutes` : `${Math.ceil(seconds)} seconds`;
}

function moment(seconds: number | undefined): string {
  const date = new Date((seconds ?? 0) * 1000);
  return Number.isNaN(date.getTime()) ? 'at no date' : date.toISOString();
}

/** Whether Salesforce minds is not documented; other verifiers do (RFC 7517, section 4.4). */
function declared({ header }: Token, ways: readonly Way[]): Look {
  const open = ways.filter(({ key }) => key?.alg === undefined || key.alg === header['alg']);
  if (open.length > 0) return ok(named(open.map(({ key }) => key?.name)), open);
  const [key] = ways.flatMap((way) => way.key ?? []);
  return broken(
    `The token is signed with ${String(header['alg'])}, but ${key?.name ?? ''} is declared for ${key?.alg ?? ''}. Whether Salesforce minds is not documented; other verifiers do.`,
    `Sign with ${key?.alg ?? ''}.`,
  );
}

/** A signature of RSA has as many bytes as the modulus of its key (RFC 8017, section 8.2.1). */
const isCut = ({ signature: given }: Token, ways: readonly Way[]): boolean =>
  ways.every(({ key }) => given.length * 8 < (key?.publicKey?.asymmetricKeyDetails?.modulusLength ?? 0));

function signature({ token, ways }: TokenScene): Look {
  const open = ways.filter(({ key }) => !key || (key.publicKey && verifies(token, key.publicKey)));
  if (open.some(({ key }) => key)) return declared(token, open);
  if (open.length > 0) return unknown('The key is at an endpoint that was not looked at.', open);
  const names = named(ways.map(({ key }) => key?.name));
  if (isCut(token, ways))
    return broken('The signature is shorter than its key makes one: the token was cut off.', 'Send the whole token.');
  return broken(
    `The signature is not of ${names}: another private key signed the token under its kid, or the token was changed on the way.`,
    `Sign with the private key of ${names}, or bring the public half of the one that signs: npm run keys -- import <New_Key> --from FILE, and name it in the keyset.`,
  );
}
