import { keyFactsOf } from '../jwk';
import { componentsOf, isTrueAt, KEYS_ELEMENT, type Component, type ComponentMap } from '../model';
import { childLocation, childLocations, locationAt, locationOf, textOf, type SourceLocation } from './location';
import { error, violation, defineRules, warning, type Violation } from './rule';
import { HELP_SETUP, META_KEY, PROJECT_SAFETY } from './sources';

export const KEYSET_KEY_RULES = defineRules({
  'duplicate-kid': error('No two keys of a keyset have the same kid.', `${HELP_SETUP}; RFC 7517, section 4.5`),
  'duplicate-key': warning('No key is in a keyset under two names.', PROJECT_SAFETY),
  'keyset-without-active-key': error('A keyset of uploaded keys has an active one.', META_KEY),
});

/** One key of a keyset: where the keyset names it, and the key. */
interface KeysetKey {
  readonly location: SourceLocation;
  readonly key: Component;
  readonly kid: string | undefined;
  readonly thumbprint: string | undefined;
}

/** The rules of every keyset together with its keys. Keys that are not among the components are not judged. */
export const checkKeysetKeys = (components: ComponentMap, now: Date): readonly Violation[] =>
  componentsOf(components, 'PublicKeyCertificateSet').flatMap((keyset) => {
    const keyLocations = childLocations(locationOf(keyset), KEYS_ELEMENT).map((item) =>
      childLocation(item, 'publicKeyCertificate'),
    );
    const keys = keyLocations.flatMap((location) => resolveKey(location, components, now));
    const allResolved = keyLocations.length > 0 && keys.length === keyLocations.length;
    return [
      ...checkDuplicateKids(keys),
      ...checkDuplicateKeys(keys),
      ...(allResolved ? checkActiveKey(keyset, keys) : []),
    ];
  });

function resolveKey(location: SourceLocation, components: ComponentMap, now: Date): readonly KeysetKey[] {
  const key = components.get(`PublicKeyCertificate:${textOf(location) ?? ''}`);
  if (!key) return [];
  const keyFacts = keyFactsOf(key, now);
  return [{ location: location, key, kid: keyFacts?.kid, thumbprint: keyFacts?.thumbprint }];
}

/** The earlier key of another name that has the same value. */
function earlierDuplicate(
  keys: readonly KeysetKey[],
  index: number,
  valueOf: (key: KeysetKey) => string | undefined,
): KeysetKey | undefined {
  const current = keys[index];
  const expected = current && valueOf(current);
  if (!current || expected === undefined) return undefined;
  return keys
    .slice(0, index)
    .find((other) => valueOf(other) === expected && other.key.fullName !== current.key.fullName);
}

/** A token names its key by kid alone. */
const checkDuplicateKids = (keys: readonly KeysetKey[]): readonly Violation[] =>
  keys.flatMap(({ location }, index) => {
    const other = earlierDuplicate(keys, index, ({ kid }) => kid);
    const message = `The key has the kid of ${other?.key.fullName}: tokens name a key by kid, so one is never found.`;
    return other
      ? [
          violation(
            KEYSET_KEY_RULES['duplicate-kid'],
            location,
            message,
            'Give each key of the keyset a kid of its own.',
          ),
        ]
      : [];
  });

const checkDuplicateKeys = (keys: readonly KeysetKey[]): readonly Violation[] =>
  keys.flatMap(({ location }, index) => {
    const other = earlierDuplicate(keys, index, ({ thumbprint }) => thumbprint);
    const message = `The key is that of ${other?.key.fullName}: replacing one by the other would not replace the key.`;
    return other
      ? [
          violation(
            KEYSET_KEY_RULES['duplicate-key'],
            location,
            message,
            'Keep one of them, or make a new pair for the other.',
          ),
        ]
      : [];
  });

/** isActive of a key is false unless it is stated as true (Metadata API guide, PublicKeyCertificate). */
function checkActiveKey(keyset: Component, keys: readonly KeysetKey[]): readonly Violation[] {
  if (keys.some(({ key }) => isTrueAt(key.root, 'isActive'))) return [];
  const place = locationAt(keyset, KEYS_ELEMENT);
  const message = 'No key of the keyset is active: every token would be refused.';
  return [
    violation(
      KEYSET_KEY_RULES['keyset-without-active-key'],
      place,
      message,
      'State isActive as true for at least one of its keys.',
    ),
  ];
}
