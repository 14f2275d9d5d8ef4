import { keyFactsOf } from '../jwk';
import {
  npmRun,
  componentsOf,
  findConflictingPairs,
  isTrueAt,
  KEYS_ELEMENT,
  type Component,
  type ComponentMap,
} from '../model';
import { childLocation, childLocations, locationAt, locationOf, textOf, type SourceLocation } from './location';
import { error, violation, defineRules, warning, type Violation } from './rule';
import { HELP_SETUP, META_KEY, PROJECT_SAFETY } from './sources';

export const KEYSET_KEY_RULES = defineRules({
  'duplicate-kid': error('No two keys of a keyset have the same kid.', `${HELP_SETUP}; RFC 7517, section 4.5`),
  'duplicate-key': warning('A keyset lists no key under two names.', PROJECT_SAFETY),
  'keyset-without-active-key': error('A keyset of uploaded keys has an active key.', META_KEY),
});

/** A key of a keyset, and the place where the keyset names it. */
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
    const keyFacts = new Map<string, ReturnType<typeof keyFactsOf>>();
    const keys = keyLocations.flatMap((location) => resolveKey(location, components, keyFacts, now));
    const allResolved = keyLocations.length > 0 && keys.length === keyLocations.length;
    return [
      ...checkDuplicateKids(keys),
      ...checkDuplicateKeys(keys),
      ...(allResolved ? checkActiveKey(keyset, keys) : []),
    ];
  });

/** `facts` keeps what was read, because a keyset can list a key many times. */
function resolveKey(
  location: SourceLocation,
  components: ComponentMap,
  facts: Map<string, ReturnType<typeof keyFactsOf>>,
  now: Date,
): readonly KeysetKey[] {
  const key = components.get(`PublicKeyCertificate:${textOf(location) ?? ''}`);
  if (!key) return [];
  if (!facts.has(key.fullName)) facts.set(key.fullName, keyFactsOf(key, now));
  const { kid, thumbprint } = facts.get(key.fullName) ?? {};
  return [{ location, key, kid, thumbprint }];
}

/** A token names its key by kid alone. */
const checkDuplicateKids = (keys: readonly KeysetKey[]): readonly Violation[] =>
  findConflictingPairs(
    keys,
    ({ kid }) => kid,
    ({ key }) => key.fullName,
  ).map(([{ location }, other]) => {
    const message = `The key has the same kid as ${other.key.fullName}. Tokens name their key by kid, and no source says which of the two keys Salesforce then uses.`;
    return violation(KEYSET_KEY_RULES['duplicate-kid'], location, message, 'Give each key of the keyset its own kid.');
  });

const checkDuplicateKeys = (keys: readonly KeysetKey[]): readonly Violation[] =>
  findConflictingPairs(
    keys,
    ({ thumbprint }) => thumbprint,
    ({ key }) => key.fullName,
  ).map(([{ location }, other]) => {
    const message = `The key is the same as ${other.key.fullName}. Replacing one with the other doesn't change the key.`;
    return violation(
      KEYSET_KEY_RULES['duplicate-key'],
      location,
      message,
      `Remove one of them from the keyset, or create a key pair (${npmRun('keys', 'new', 'NAME', '--private-key', 'FILE')}), list it instead of one of them, and delete the file of that one.`,
    );
  });

/** The default of isActive is false (Metadata API guide, PublicKeyCertificate). */
function checkActiveKey(keyset: Component, keys: readonly KeysetKey[]): readonly Violation[] {
  if (keys.some(({ key }) => isTrueAt(key.root, 'isActive'))) return [];
  const location = locationAt(keyset, KEYS_ELEMENT);
  const message = 'No key of the keyset is active, so every token is rejected.';
  return [
    violation(
      KEYSET_KEY_RULES['keyset-without-active-key'],
      location,
      message,
      'Set isActive to true in at least one of its keys.',
    ),
  ];
}
