import { npmRun } from '../model';
import { isAlgorithm, numberClaim, textClaim } from '../token';
import {
  failed,
  passed,
  inconclusive,
  type ChainStep,
  type StepEvaluation,
  type TokenChainContext,
} from './chain-step';

/** Check the token alone, without any org. */
export const TOKEN_STEPS: readonly ChainStep<TokenChainContext>[] = [
  { name: 'algorithm', evaluate: evaluateAlgorithm },
  { name: 'claims', evaluate: evaluateClaims },
  { name: 'kid', evaluate: evaluateKid },
];

const SIGN_FIX = `Sign with RS256 and the private key of the org's key. To create a test token: ${npmRun('token', 'mint', '--org', 'ORG', '--channel', 'CHANNEL', '--subject', 'CUSTOMER', '--private-key', 'FILE')}`;

function evaluateAlgorithm({ token }: TokenChainContext): StepEvaluation {
  const alg = textClaim(token.header, 'alg');
  if (isAlgorithm(alg)) return passed(alg);
  if (alg?.toLowerCase() === 'none') return failed("The token isn't signed (alg none).", SIGN_FIX);
  if (/^HS/.test(alg ?? ''))
    return failed(
      `The token is signed with a shared secret (${printableAlg(alg)}). Salesforce verifies signatures of RSA keys only.`,
      SIGN_FIX,
    );
  return failed(`The header has alg ${printableAlg(alg)}. Salesforce accepts RS256 and RS512 only.`, SIGN_FIX);
}

/** Prints only a value that looks like an algorithm, so that no part of a secret is shown. */
const printableAlg = (alg: string | undefined): string =>
  alg === undefined ? 'missing' : /^[A-Za-z0-9-]{1,16}$/.test(alg) ? alg : 'of an unknown form';

/** A later exp, in seconds, is after the year 5138, so it is in milliseconds. */
const MAX_EXP_SECONDS = 1e11;

/** One source states that Salesforce checks aud, two that it doesn't. Salesforce's own command line utility sends none. */
const AUDIENCE_NOTE =
  "The token has an aud. Salesforce doesn't document whether it checks aud. Omit it, or set it to https://<MyDomain>.my.salesforce.com.";

function evaluateClaims({ token: { claims } }: TokenChainContext): StepEvaluation {
  if ('channelAddId' in claims)
    return failed(
      'This is an access token that Salesforce issued to a chat, not an identity token.',
      'Use the token that your client passes to setIdentityToken. The access token was exposed here: revoke it, or wait until it expires.',
    );
  const missing = ['sub', 'iss'].filter((name) => (textClaim(claims, name) ?? '') === '');
  if (missing.length > 0)
    return failed(
      `${missing.join(' and ')}: missing, empty, or not a string.`,
      `Set ${missing.join(' and ')} to a string; put a number in quotes.`,
    );
  const exp = numberClaim(claims, 'exp');
  if (exp === undefined)
    return failed('exp is missing or not a number.', 'Set exp to seconds since 1970, without quotes.');
  if (exp > MAX_EXP_SECONDS)
    return failed(
      'exp is in milliseconds, but a JWT uses seconds. Read as seconds, the token expires in thousands of years.',
      'Divide exp by 1000 (in Apex: a Long of seconds).',
    );
  if ('aud' in claims) return inconclusive(AUDIENCE_NOTE);
  return passed(`sub ${JSON.stringify(textClaim(claims, 'sub'))}, iss ${JSON.stringify(textClaim(claims, 'iss'))}`);
}

function evaluateKid({ token: { header } }: TokenChainContext): StepEvaluation {
  const kid = textClaim(header, 'kid') ?? '';
  if (kid !== '') return passed(kid);
  return failed(
    "The header has no kid, so Salesforce can't select a key.",
    "Put the kid of the key into the header of each token. Apex: Auth.JWS can't do this, so build the header in your code.",
  );
}
