import { childrenOf, type Component } from '../model';
import { JWK_PROBLEMS, readKeyComponent, type JwkProblem } from '../jwk';
import { locationAt } from './location';
import { violation, defineRules, warning, type Violation } from './rule';
import { META_KEY } from './sources';

/** One rule for each problem a key can have; their sources stand beside the problems. */
export const KEY_RULES = defineRules({
  'key-active-not-set': warning('A key states whether it is active.', META_KEY),
  ...JWK_PROBLEMS,
});

/** The rules of one uploaded key. `now` decides about its certificate. */
export const checkKey = (key: Component, now: Date): readonly Violation[] => [
  ...checkActiveIsSet(key),
  ...readKeyComponent(key, now).problems.map((problem) => jwkViolation(key, problem)),
];

const jwkViolation = (key: Component, { code, message, fix }: JwkProblem): Violation =>
  violation(KEY_RULES[code], locationAt(key, 'jsonWebKey'), message, fix);

function checkActiveIsSet(key: Component): readonly Violation[] {
  if (childrenOf(key.root, 'isActive').length > 0) return [];
  const message =
    'isActive is not stated, and Salesforce then takes false: the key is inactive and its tokens are refused.';
  return [
    violation(
      KEY_RULES['key-active-not-set'],
      locationAt(key, 'isActive'),
      message,
      'State isActive as true, or as false if that is meant.',
    ),
  ];
}
