import { childrenOf, npmRun, type Component } from '../model';
import { JWK_PROBLEMS, readKeyComponent, type JwkProblem } from '../jwk';
import { locationAt } from './location';
import { violation, defineRules, warning, type Violation } from './rule';
import { META_KEY } from './sources';

/**
 * One rule for each problem of a key. `JWK_PROBLEMS` has their sources. A certificate that expires must not block the deploys of
 * everything else, so it's a warning here; a plan that uploads the key fails in its org (`expiring-key`).
 */
export const KEY_RULES = defineRules({
  'key-active-not-set': warning('A key declares isActive.', META_KEY),
  ...JWK_PROBLEMS,
  'jwk-x5c-expired': warning(JWK_PROBLEMS['jwk-x5c-expired'].summary, JWK_PROBLEMS['jwk-x5c-expired'].source),
  'jwk-x5c-expires-soon': warning(
    JWK_PROBLEMS['jwk-x5c-expires-soon'].summary,
    JWK_PROBLEMS['jwk-x5c-expires-soon'].source,
  ),
});

/** Checks one uploaded key. Its certificate is compared with `now`. */
export const checkKey = (key: Component, now: Date): readonly Violation[] => [
  ...checkActiveIsSet(key),
  ...readKeyComponent(key, now).problems.map((problem) => jwkViolation(key, problem)),
];

const jwkViolation = (key: Component, { code, message, fix }: JwkProblem): Violation =>
  violation(
    KEY_RULES[code],
    locationAt(key, 'jsonWebKey'),
    message,
    EXPIRATIONS.includes(code) ? renewFix(key.fullName) : fix,
  );

const EXPIRATIONS: readonly string[] = ['jwk-x5c-expired', 'jwk-x5c-expires-soon'];

/** How to replace a certificate that expires: with one of the same key pair, or together with the key. */
export const renewFix = (key: string): string =>
  `Issue a new certificate for the same key pair, and import it: ${npmRun('keys', 'import', key, '--from', 'FILE')}. Or replace the key: ${npmRun('keys', 'rotate', 'stage', 'KEYSET', '--new-key', 'NAME')}`;

function checkActiveIsSet(key: Component): readonly Violation[] {
  if (childrenOf(key.root, 'isActive').length > 0) return [];
  const message =
    'isActive is not declared. The default is false, so a new key is inactive and its tokens are rejected.';
  return [
    violation(KEY_RULES['key-active-not-set'], locationAt(key, 'isActive'), message, 'Set isActive to true or false.'),
  ];
}
