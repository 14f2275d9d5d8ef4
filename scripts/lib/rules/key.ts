import { childrenOf, type Component } from '../model';
import { JWK_PROBLEMS, readKeyComponent, type JwkProblem } from '../jwk';
import { locationAt } from './location';
import { violation, defineRules, warning, type Violation } from './rule';
import { META_KEY } from './sources';

/** One rule for each problem of a key. `JWK_PROBLEMS` has their sources. */
export const KEY_RULES = defineRules({
  'key-active-not-set': warning('A key declares isActive.', META_KEY),
  ...JWK_PROBLEMS,
});

/** Checks one uploaded key. Its certificate is compared with `now`. */
export const checkKey = (key: Component, now: Date): readonly Violation[] => [
  ...checkActiveIsSet(key),
  ...readKeyComponent(key, now).problems.map((problem) => jwkViolation(key, problem)),
];

const jwkViolation = (key: Component, { code, message, fix }: JwkProblem): Violation =>
  violation(KEY_RULES[code], locationAt(key, 'jsonWebKey'), message, fix);

function checkActiveIsSet(key: Component): readonly Violation[] {
  if (childrenOf(key.root, 'isActive').length > 0) return [];
  const message =
    'isActive is not declared. The default is false, so a new key is inactive and its tokens are rejected.';
  return [
    violation(KEY_RULES['key-active-not-set'], locationAt(key, 'isActive'), message, 'Set isActive to true or false.'),
  ];
}
