import type { Severity } from '../model';

const TROUBLESHOOTING = 'Salesforce Help, service.user_verification_troubleshooting.htm';
const OVERVIEW = 'Salesforce Help, service.user_verification_overview.htm';
const SETUP = 'Salesforce Help, service.miaw_token_based_user_verification_setup.htm';
const KEY_TOOL = 'github.com/Salesforce-Async-Messaging/key-command-line-utility';
const rfc = (number: number, section: string): string => `RFC ${number}, section ${section}`;

interface ProblemDefinition {
  readonly severity: Severity;
  readonly summary: string;
  readonly source: string;
}

const errorDefinition = (summary: string, source: string): ProblemDefinition => ({
  severity: 'error',
  summary,
  source,
});

/** The requirements for a key by the stable code of their violation, with their sources. */
export const JWK_PROBLEMS = {
  'jwk-not-json': errorDefinition('The key is one well-formed JSON text.', rfc(7517, '4')),
  'jwk-not-one-key': errorDefinition('The key is a single object, not an array or a JWKS document.', TROUBLESHOOTING),
  'jwk-duplicate-member': errorDefinition('Members are unique.', rfc(7517, '4')),
  'jwk-private-key': errorDefinition('The key contains no private members.', TROUBLESHOOTING),
  'jwk-placeholder-members': {
    severity: 'note',
    summary: "The key contains no placeholder letters of Salesforce's key tool.",
    source: KEY_TOOL,
  },
  'jwk-not-rsa': errorDefinition('The key is an RSA key.', TROUBLESHOOTING),
  'jwk-numbers': errorDefinition(
    'n and e are base64url and form an RSA public key.',
    `${OVERVIEW}; ${rfc(7518, '6.3.1')}`,
  ),
  'jwk-too-short': errorDefinition('The key has at least 2048 bits.', OVERVIEW),
  'jwk-alg': errorDefinition('alg is RS256 or RS512.', `${SETUP}; ${TROUBLESHOOTING}`),
  'jwk-use': errorDefinition('use is absent or sig.', TROUBLESHOOTING),
  'jwk-key-ops': errorDefinition('key_ops is absent or contains verify.', rfc(7517, '4.3')),
  'jwk-kid': errorDefinition('The key has a kid.', TROUBLESHOOTING),
  'jwk-x5c-missing': errorDefinition('An uploaded key has its certificate in x5c.', TROUBLESHOOTING),
  'jwk-x5c-encoding': errorDefinition(
    'x5c is an array of DER certificates in standard base64.',
    `${TROUBLESHOOTING}; ${rfc(7517, '4.7')}`,
  ),
  'jwk-x5c-other-key': errorDefinition('The certificate is for this key.', rfc(7517, '4.7')),
  'jwk-x5c-ca': {
    severity: 'warning',
    summary: 'The certificate is not the one of a certificate authority.',
    source: rfc(5280, '4.2.1.9'),
  },
  'jwk-x5c-expired': errorDefinition('The certificate has not expired.', TROUBLESHOOTING),
  'jwk-x5c-not-yet-valid': errorDefinition('The certificate is already valid.', rfc(5280, '4.1.2.5')),
  'jwk-x5c-expires-soon': errorDefinition('The certificate is valid for at least 10 more days.', TROUBLESHOOTING),
} as const satisfies Record<string, ProblemDefinition>;

export type JwkProblemCode = keyof typeof JWK_PROBLEMS;

/** A problem of a key. Its texts contain names of members and computed values, but no value of the key. */
export interface JwkProblem {
  readonly code: JwkProblemCode;
  readonly severity: Severity;
  readonly message: string;
  readonly fix: string;
}

export const jwkProblem = (code: JwkProblemCode, message: string, fix: string): JwkProblem => ({
  code,
  severity: JWK_PROBLEMS[code].severity,
  message,
  fix,
});
