import { firstDifference, numberClaim, textClaim, isSignedBy, type Token } from '../token';
import {
  failed,
  deployFix,
  joinNames,
  passed,
  inconclusive,
  type ChainStep,
  type StepEvaluation,
  type TokenChainContext,
  type CandidatePath,
} from './chain-step';
import { authorizationsOf, issuerOf, keysetNameOf } from '../model';

/** Whether the keyset takes what the token says of itself. */
export const CLAIM_STEPS: readonly ChainStep<TokenChainContext>[] = [
  { name: 'issuer', evaluate: evaluateIssuer },
  { name: 'times', evaluate: evaluateTimes },
  { name: 'signature', evaluate: evaluateSignature },
];

function evaluateIssuer({ token, candidates, channel, orgView }: TokenChainContext): StepEvaluation {
  const given = textClaim(token.claims, 'iss') ?? '';
  const remaining = candidates.filter(({ keyset }) => keyset && (issuerOf(keyset) ?? '') === given);
  if (remaining.length > 0) return passed(JSON.stringify(given), remaining);
  // Of several keysets, the one that the channel has is meant.
  const attached = new Set(authorizationsOf(channel).map(keysetNameOf));
  const { keyset } = candidates.find((way) => attached.has(way.keyset?.fullName)) ?? candidates[0] ?? {};
  const declared = issuerOf(keyset) ?? '';
  const name = keyset?.fullName ?? '';
  return failed(
    `${name} has ${JSON.stringify(declared)}, the token ${JSON.stringify(given)}: ${firstDifference(declared, given) ?? ''}.`,
    `Make both the same: the iss of the issuer, or jwtIssuer of ${name} (for one org under "overrides" of its file), then ${deployFix(orgView)}.`,
  );
}

/** Salesforce does not say how much two clocks may differ, so nothing is allowed for here. */
function evaluateTimes({ token, now }: TokenChainContext): StepEvaluation {
  const at = now.getTime() / 1000;
  const [exp, nbf, iat] = ['exp', 'nbf', 'iat'].map((name) => numberClaim(token.claims, name));
  const fix = 'Have the issuer make a new token, and let clients fetch one before the old one ends. Clocks: use NTP.';
  if (exp === undefined || exp <= at)
    return failed(
      `The token ended ${formatSeconds(at - (exp ?? 0))} before ${now.toISOString()} (exp ${formatTime(exp)}).`,
      fix,
    );
  if (nbf !== undefined && nbf > at)
    return failed(
      `The token starts ${formatSeconds(nbf - at)} after ${now.toISOString()} (nbf ${formatTime(nbf)}).`,
      fix,
    );
  if (iat !== undefined && iat > at)
    return inconclusive(
      `The token was issued ${formatSeconds(iat - at)} after ${now.toISOString()}: the issuer's clock is ahead, or this one behind.`,
    );
  return passed(`for ${formatSeconds(exp - at)} more`);
}

/** Seconds as a person says them. */
function formatSeconds(seconds: number): string {
  const [minutes, hours, days] = [60, 3600, 86_400].map((unit) => seconds / unit);
  if ((days ?? 0) >= 2) return `${Math.floor(days ?? 0)} days`;
  if ((hours ?? 0) >= 2) return `${Math.floor(hours ?? 0)} hours`;
  return (minutes ?? 0) >= 2 ? `${Math.floor(minutes ?? 0)} minutes` : `${Math.ceil(seconds)} seconds`;
}

function formatTime(seconds: number | undefined): string {
  const date = new Date((seconds ?? 0) * 1000);
  return Number.isNaN(date.getTime()) ? 'at no date' : date.toISOString();
}

/** Whether Salesforce minds is not documented; other verifiers do (RFC 7517, section 4.4). */
function evaluateDeclaredAlg({ header }: Token, candidates: readonly CandidatePath[]): StepEvaluation {
  const remaining = candidates.filter(({ key }) => key?.alg === undefined || key.alg === header['alg']);
  if (remaining.length > 0) return passed(joinNames(remaining.map(({ key }) => key?.name)), remaining);
  const [key] = candidates.flatMap((way) => way.key ?? []);
  return failed(
    `The token is signed with ${String(header['alg'])}, but ${key?.name ?? ''} is declared for ${key?.alg ?? ''}. Whether Salesforce minds is not documented; other verifiers do.`,
    `Sign with ${key?.alg ?? ''}.`,
  );
}

/** A signature of RSA has as many bytes as the modulus of its key (RFC 8017, section 8.2.1). */
const isTruncated = ({ signature: signatureBytes }: Token, candidates: readonly CandidatePath[]): boolean =>
  candidates.every(({ key }) => signatureBytes.length * 8 < (key?.publicKey?.asymmetricKeyDetails?.modulusLength ?? 0));

function evaluateSignature({ token, candidates }: TokenChainContext): StepEvaluation {
  const remaining = candidates.filter(({ key }) => !key || (key.publicKey && isSignedBy(token, key.publicKey)));
  if (remaining.some(({ key }) => key)) return evaluateDeclaredAlg(token, remaining);
  if (remaining.length > 0) return inconclusive('The key is at an endpoint that was not looked at.', remaining);
  const names = joinNames(candidates.map(({ key }) => key?.name));
  if (isTruncated(token, candidates))
    return failed('The signature is shorter than its key makes one: the token was cut off.', 'Send the whole token.');
  return failed(
    `The signature is not of ${names}: another private key signed the token under its kid, or the token was changed on the way.`,
    `Sign with the private key of ${names}, or bring the public half of the one that signs: npm run keys -- import <New_Key> --from FILE, and name it in the keyset.`,
  );
}
