import { isAlgorithm, numberClaim, textClaim } from '../token';
import { broken, ok, unknown, type Link, type Look, type TokenScene } from './link';

/** What can be told of a token without looking at any org. */
export const TOKEN_LINKS: readonly Link<TokenScene>[] = [
  { name: 'algorithm', look: algorithm },
  { name: 'claims', look: claims },
  { name: 'kid', look: kid },
];

const SIGN = "Sign with RS256 and the private key of the org's key; to try: npm run token -- mint.";

function algorithm({ token }: TokenScene): Look {
  const alg = textClaim(token.header, 'alg');
  if (isAlgorithm(alg)) return ok(alg);
  if (alg?.toLowerCase() === 'none') return broken('The token is not signed at all (alg none).', SIGN);
  if (/^HS/.test(alg ?? ''))
    return broken(
      `The token is signed with a shared secret (${shownAlg(alg)}); Salesforce has no secret of yours.`,
      SIGN,
    );
  return broken(`The header says alg ${shownAlg(alg)}; Salesforce takes RS256 and RS512 only.`, SIGN);
}

/** Only names that look like an algorithm are repeated. */
const shownAlg = (alg: string | undefined): string =>
  alg === undefined ? 'nothing' : /^[A-Za-z0-9-]{1,16}$/.test(alg) ? alg : 'something else';

/** An exp later than this, in seconds, is one in milliseconds: the year 5138. */
const MILLISECONDS = 1e11;

/** One source says that aud is looked at, two that it is not; Salesforce's own command line utility sends none. */
const AUDIENCE =
  'The token has an aud. Whether Salesforce looks at it is not documented; leave it out, or make it https://<MyDomain>.my.salesforce.com.';

function claims({ token: { claims: given } }: TokenScene): Look {
  if ('channelAddId' in given)
    return broken(
      'This is the token that Salesforce itself gave to a chat, not the one your issuer signs.',
      'Hand over the token that your client passes to setIdentityToken. The other one was shown here: revoke it, or let it run out.',
    );
  const missing = ['sub', 'iss'].filter((name) => (textClaim(given, name) ?? '') === '');
  if (missing.length > 0)
    return broken(
      `${missing.join(' and ')} missing, empty, or no text.`,
      `Have the issuer state ${missing.join(' and ')}, as text: a number goes in quotes.`,
    );
  const exp = numberClaim(given, 'exp');
  if (exp === undefined)
    return broken('exp is missing or no number.', 'Have the issuer state exp in seconds since 1970, without quotes.');
  if (exp > MILLISECONDS)
    return broken(
      'exp is in milliseconds; a JWT counts seconds. Taken for seconds, the token lives for thousands of years.',
      'Divide by 1000 (in Apex: a Long of seconds).',
    );
  if ('aud' in given) return unknown(AUDIENCE);
  return ok(`sub ${JSON.stringify(textClaim(given, 'sub'))}, iss ${JSON.stringify(textClaim(given, 'iss'))}`);
}

function kid({ token: { header } }: TokenScene): Look {
  const name = textClaim(header, 'kid') ?? '';
  if (name !== '') return ok(name);
  return broken(
    'The header has no kid, so Salesforce cannot tell which key to use.',
    'Put the kid of the key into the header of each token. In Apex, Auth.JWS cannot: build the header by hand.',
  );
}
