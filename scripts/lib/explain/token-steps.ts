import { isAlgorithm, numberClaim, textClaim } from '../token';
import {
  failed,
  passed,
  inconclusive,
  type ChainStep,
  type StepEvaluation,
  type TokenChainContext,
} from './chain-step';

/** What can be told of a token without looking at any org. */
export const TOKEN_STEPS: readonly ChainStep<TokenChainContext>[] = [
  { name: 'algorithm', evaluate: evaluateAlgorithm },
  { name: 'claims', evaluate: evaluateClaims },
  { name: 'kid', evaluate: evaluateKid },
];

const SIGN_FIX = "Sign with RS256 and the private key of the org's key; to try: npm run token -- mint.";

function evaluateAlgorithm({ token }: TokenChainContext): StepEvaluation {
  const alg = textClaim(token.header, 'alg');
  if (isAlgorithm(alg)) return passed(alg);
  if (alg?.toLowerCase() === 'none') return failed('The token is not signed at all (alg none).', SIGN_FIX);
  if (/^HS/.test(alg ?? ''))
    return failed(
      `The token is signed with a shared secret (${printableAlg(alg)}); Salesforce has no secret of yours.`,
      SIGN_FIX,
    );
  return failed(`The header says alg ${printableAlg(alg)}; Salesforce takes RS256 and RS512 only.`, SIGN_FIX);
}

/** Only names that look like an algorithm are repeated. */
const printableAlg = (alg: string | undefined): string =>
  alg === undefined ? 'nothing' : /^[A-Za-z0-9-]{1,16}$/.test(alg) ? alg : 'something else';

/** An exp later than this, in seconds, is one in milliseconds: the year 5138. */
const MAX_EXP_SECONDS = 1e11;

/** One source says that aud is looked at, two that it is not; Salesforce's own command line utility sends none. */
const AUDIENCE_NOTE =
  'The token has an aud. Whether Salesforce looks at it is not documented; leave it out, or make it https://<MyDomain>.my.salesforce.com.';

function evaluateClaims({ token: { claims: given } }: TokenChainContext): StepEvaluation {
  if ('channelAddId' in given)
    return failed(
      'This is the token that Salesforce itself gave to a chat, not the one your issuer signs.',
      'Hand over the token that your client passes to setIdentityToken. The other one was shown here: revoke it, or let it run out.',
    );
  const missing = ['sub', 'iss'].filter((name) => (textClaim(given, name) ?? '') === '');
  if (missing.length > 0)
    return failed(
      `${missing.join(' and ')} missing, empty, or no text.`,
      `Have the issuer state ${missing.join(' and ')}, as text: a number goes in quotes.`,
    );
  const exp = numberClaim(given, 'exp');
  if (exp === undefined)
    return failed('exp is missing or no number.', 'Have the issuer state exp in seconds since 1970, without quotes.');
  if (exp > MAX_EXP_SECONDS)
    return failed(
      'exp is in milliseconds; a JWT counts seconds. Taken for seconds, the token lives for thousands of years.',
      'Divide by 1000 (in Apex: a Long of seconds).',
    );
  if ('aud' in given) return inconclusive(AUDIENCE_NOTE);
  return passed(`sub ${JSON.stringify(textClaim(given, 'sub'))}, iss ${JSON.stringify(textClaim(given, 'iss'))}`);
}

function evaluateKid({ token: { header } }: TokenChainContext): StepEvaluation {
  const name = textClaim(header, 'kid') ?? '';
  if (name !== '') return passed(name);
  return failed(
    'The header has no kid, so Salesforce cannot tell which key to use.',
    'Put the kid of the key into the header of each token. In Apex, Auth.JWS cannot: build the header by hand.',
  );
}
