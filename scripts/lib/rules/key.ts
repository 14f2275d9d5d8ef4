import { childrenOf, type Component } from '../model';
import { JWK_PROBLEMS, readJwk, type JwkProblem, type JwkReading, type PublicKeyFacts } from '../jwk';
import { placeAt } from './place';
import { flaw, rules, warning, type Flaw } from './rule';
import { META_KEY } from './sources';

/** One rule for each problem a key can have; their sources stand beside the problems. */
export const KEY_RULES = rules({
  'key-active-unstated': warning('A key states whether it is active.', META_KEY),
  ...JWK_PROBLEMS,
});

/** The rules of one uploaded key. `now` decides about its certificate. */
export const checkKey = (key: Component, now: Date): readonly Flaw[] => [
  ...activeUnstated(key),
  ...readKey(key, now).problems.map((problem) => flawOf(key, problem)),
];

/** What a key says of itself; undefined where it cannot be read. */
export const keyFactsOf = (key: Component, now: Date): PublicKeyFacts | undefined => readKey(key, now).key;

const readKey = (key: Component, now: Date): JwkReading => readJwk(placeAt(key, 'jsonWebKey').element?.text ?? '', now);

const flawOf = (key: Component, { code, message, fix }: JwkProblem): Flaw =>
  flaw(KEY_RULES[code], placeAt(key, 'jsonWebKey'), message, fix);

function activeUnstated(key: Component): readonly Flaw[] {
  if (childrenOf(key.root, 'isActive').length > 0) return [];
  const message =
    'isActive is not stated, and Salesforce then takes false: the key is inactive and its tokens are refused.';
  return [
    flaw(
      KEY_RULES['key-active-unstated'],
      placeAt(key, 'isActive'),
      message,
      'State isActive as true, or as false if that is meant.',
    ),
  ];
}
