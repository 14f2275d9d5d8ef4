import { npmRun } from '../model';
import { isAlgorithm, numberClaim, textClaim, type Token } from '../token';
import {
  failed,
  listDistinct,
  passed,
  inconclusive,
  type ChainStep,
  type StepEvaluation,
  type TokenChainContext,
} from './chain-step';
import { evaluateKind, isIdToken, timeUnitProblem } from './token-kind';

/** Check the token alone, without any org. */
export const TOKEN_STEPS: readonly ChainStep<TokenChainContext>[] = [
  { name: 'kind', evaluate: evaluateKind },
  { name: 'algorithm', evaluate: evaluateAlgorithm },
  { name: 'claims', evaluate: evaluateClaims },
  { name: 'kid', evaluate: evaluateKid },
];

const SIGN_FIX = `Sign with RS256 and the private key of the org's key; at an identity provider, set the signing algorithm of the client to RS256. To create a test token: ${npmRun('token', 'mint', '--org', 'ORG', '--channel', 'CHANNEL', '--subject', 'CUSTOMER', '--private-key', 'FILE')}`;

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

/** One source states that Salesforce checks aud, two that it doesn't. Salesforce's own command line utility sends none. */
const AUDIENCE_NOTE =
  "The token has an aud. Salesforce doesn't document whether it checks aud. Omit it, or set it to https://<MyDomain>.my.salesforce.com.";

/**
 * An ID token names the client that it was issued to (OpenID Connect Core 1.0, section 2), and its signature protects that claim.
 */
function audienceNote(token: Token): string {
  if (!isIdToken(token)) return AUDIENCE_NOTE;
  const { aud } = token.claims;
  const clients = (Array.isArray(aud) ? aud : [aud]).filter((each): each is string => typeof each === 'string');
  const azp = textClaim(token.claims, 'azp');
  const issuedTo = azp === undefined || clients.includes(azp) ? '' : ` It was issued to another client (azp: ${azp}).`;
  return `The token is an ID token of the client ${listDistinct(clients)} (aud).${issuedTo} Check that this is the client of your site or app: any other client of the provider can get such a token too. Salesforce doesn't document whether it checks aud.`;
}

function evaluateClaims({ token }: TokenChainContext): StepEvaluation {
  const { claims } = token;
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
  const timeProblem = timeUnitProblem(token, 'exp') ?? timeUnitProblem(token, 'nbf');
  if (timeProblem) return failed(timeProblem.detail, timeProblem.fix);
  if ('aud' in claims) return inconclusive(audienceNote(token));
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
