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

/** Everything that can be wrong with a key, under stable codes, with the source of each demand. */
export const JWK_PROBLEMS = {
  'jwk-not-json': errorDefinition('The key is one well-formed JSON text.', rfc(7517, '4')),
  'jwk-not-one-key': errorDefinition('Each key stands alone: no array, no JWKS wrapper.', TROUBLESHOOTING),
  'jwk-duplicate-member': errorDefinition('No member occurs twice.', rfc(7517, '4')),
  'jwk-private-key': errorDefinition('No private key is published.', TROUBLESHOOTING),
  'jwk-placeholder-members': {
    severity: 'note',
    summary: "The placeholder letters of Salesforce's own key tool are told apart from private members.",
    source: KEY_TOOL,
  },
  'jwk-not-rsa': errorDefinition('The key is an RSA key.', TROUBLESHOOTING),
  'jwk-numbers': errorDefinition(
    'n and e are base64url and form an RSA public key.',
    `${OVERVIEW}; ${rfc(7518, '6.3.1')}`,
  ),
  'jwk-too-short': errorDefinition('The key has at least 2048 bits.', OVERVIEW),
  'jwk-alg': errorDefinition('alg is RS256 or RS512.', `${SETUP}; ${TROUBLESHOOTING}`),
  'jwk-use': errorDefinition('use, where it is stated, is sig.', TROUBLESHOOTING),
  'jwk-kid': errorDefinition('The key has a kid, by which tokens name it.', TROUBLESHOOTING),
  'jwk-x5c-missing': errorDefinition('An uploaded key carries its certificate in x5c.', TROUBLESHOOTING),
  'jwk-x5c-encoding': errorDefinition(
    'x5c is an array of DER certificates in standard base64.',
    `${TROUBLESHOOTING}; ${rfc(7517, '4.7')}`,
  ),
  'jwk-x5c-other-key': errorDefinition('The certificate is for this very key.', rfc(7517, '4.7')),
  'jwk-x5c-expired': errorDefinition('The certificate has not expired.', TROUBLESHOOTING),
  'jwk-x5c-not-yet-valid': errorDefinition('The certificate is valid already.', rfc(5280, '4.1.2.5')),
  'jwk-x5c-expires-soon': errorDefinition('The certificate is valid for at least 10 more days.', TROUBLESHOOTING),
} as const satisfies Record<string, ProblemDefinition>;

export type JwkProblemCode = keyof typeof JWK_PROBLEMS;

/** One thing wrong with a key. No text of the key's values is in it, only names of members and what was computed. */
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
