import { firstDifference, numberClaim, textClaim, isSignedBy, type Token } from '../token';
import {
  failed,
  deployFix,
  listDistinct,
  passed,
  inconclusive,
  type ChainStep,
  type StepEvaluation,
  type TokenChainContext,
  type CandidatePath,
} from './chain-step';
import { isIdToken } from './token-kind';
import { authorizationsOf, issuerOf, keysetNameOf, npmRun } from '../model';

/** Compare the claims and the signature of the token with the keyset and its keys. */
export const CLAIM_STEPS: readonly ChainStep<TokenChainContext>[] = [
  { name: 'issuer', evaluate: evaluateIssuer },
  { name: 'times', evaluate: evaluateTimes },
  { name: 'signature', evaluate: evaluateSignature },
];

function evaluateIssuer({ token, candidates, channel, orgView }: TokenChainContext): StepEvaluation {
  const issuer = textClaim(token.claims, 'iss') ?? '';
  const remaining = candidates.filter(({ keyset }) => keyset && (issuerOf(keyset) ?? '') === issuer);
  if (remaining.length > 0) return passed(JSON.stringify(issuer), remaining);
  // Of several keysets, the message names the one that the channel uses.
  const attached = new Set(authorizationsOf(channel).map(keysetNameOf));
  const { keyset } = candidates.find((path) => attached.has(path.keyset?.fullName)) ?? candidates[0] ?? {};
  const declared = issuerOf(keyset) ?? '';
  const name = keyset?.fullName ?? '';
  return failed(
    `The keyset ${name} has the issuer ${JSON.stringify(declared)}, the token ${JSON.stringify(issuer)}: ${firstDifference(declared, issuer) ?? ''}.`,
    `${isIdToken(token) ? 'Change' : 'Make both equal: change iss in the token service, or'} jwtIssuer of ${name} (for one org, in "overrides" of its org file). Then run ${deployFix(orgView)}.`,
  );
}

/** Salesforce doesn't document a tolerance for clock differences, so this step allows none. */
function evaluateTimes({ token, now }: TokenChainContext): StepEvaluation {
  const at = now.getTime() / 1000;
  const [exp, nbf, iat] = ['exp', 'nbf', 'iat'].map((name) => numberClaim(token.claims, name));
  const fix =
    'Create a new token, and have clients fetch one before the previous token expires. Synchronize clocks with NTP.';
  if (exp === undefined || exp <= at)
    return failed(
      `The token expired ${formatSeconds(at - (exp ?? 0))} before ${now.toISOString()} (exp ${formatTime(exp)}).`,
      fix,
    );
  if (nbf !== undefined && nbf > at)
    return failed(
      `The token becomes valid ${formatSeconds(nbf - at)} after ${now.toISOString()} (nbf ${formatTime(nbf)}).`,
      fix,
    );
  if (iat !== undefined && iat > at)
    return inconclusive(
      `The token was issued ${formatSeconds(iat - at)} after ${now.toISOString()}. Either the clock of the token service is fast or this one is slow.`,
    );
  if (exp - at > LONG_LIFETIME_SECONDS)
    return inconclusive(
      `The token is valid for ${formatSeconds(exp - at)}. Anyone who gets it can chat as the customer until then, and it can't be revoked. Salesforce documents no limit. A few minutes are enough, because clients fetch a new token when they need one.`,
    );
  return passed(`valid for ${formatSeconds(exp - at)}`);
}

/** Published integrations use lifetimes from 5 minutes to 24 hours. */
const LONG_LIFETIME_SECONDS = 7 * 86_400;

/** Formats a duration in its largest unit that occurs at least twice. Rounds seconds up and other units down. */
function formatSeconds(seconds: number): string {
  const units = [
    [86_400, 'days'],
    [3600, 'hours'],
    [60, 'minutes'],
  ] as const;
  const [size, unit] = units.find(([each]) => seconds / each >= 2) ?? [];
  if (size !== undefined) return `${Math.floor(seconds / size)} ${unit}`;
  return Math.ceil(seconds) === 1 ? '1 second' : `${Math.ceil(seconds)} seconds`;
}

function formatTime(seconds: number | undefined): string {
  const date = new Date((seconds ?? 0) * 1000);
  return Number.isNaN(date.getTime()) ? "isn't a date" : date.toISOString();
}

/** Salesforce doesn't document whether it compares alg; other verifiers do (RFC 7517, section 4.4). */
function evaluateDeclaredAlg({ header }: Token, candidates: readonly CandidatePath[]): StepEvaluation {
  const remaining = candidates.filter(({ key }) => key?.alg === undefined || key.alg === header['alg']);
  if (remaining.length > 0) return passed(listDistinct(remaining.map(({ key }) => key?.name)), remaining);
  const [key] = candidates.flatMap((path) => path.key ?? []);
  return failed(
    `The token is signed with ${String(header['alg'])}, but ${key?.name ?? ''} is declared for ${key?.alg ?? ''}. Salesforce doesn't document whether it compares them; other verifiers do.`,
    `Sign with ${key?.alg ?? ''}.`,
  );
}

/** An RSA signature has as many bytes as the modulus of its key (RFC 8017, section 8.2.1). */
const isTruncated = ({ signature }: Token, candidates: readonly CandidatePath[]): boolean =>
  candidates.every(({ key }) => signature.length * 8 < (key?.publicKey?.asymmetricKeyDetails?.modulusLength ?? 0));

function evaluateSignature({ token, candidates }: TokenChainContext): StepEvaluation {
  const remaining = candidates.filter(({ key }) => !key || (key.publicKey && isSignedBy(token, key.publicKey)));
  if (remaining.some(({ key }) => key)) return evaluateDeclaredAlg(token, remaining);
  if (remaining.length > 0) return inconclusive('The endpoint with the key was not read.', remaining);
  const names = listDistinct(candidates.map(({ key }) => key?.name));
  if (isTruncated(token, candidates))
    return failed(
      'The signature is shorter than a signature of its key. The token is truncated.',
      'Send the whole token.',
    );
  return failed(
    `The signature wasn't made with ${names}. The token was signed with another private key under the same kid, or was changed in transit.`,
    isIdToken(token)
      ? `Compare the JWKS URL of the keyset with the jwks_uri in the provider's discovery document, and pass the token on unchanged.`
      : `Sign with the private key of ${names}. Or import the public key that belongs to the signing key: ${npmRun('keys', 'import', 'NAME', '--from', 'FILE')}, then list it in the keyset.`,
  );
}
