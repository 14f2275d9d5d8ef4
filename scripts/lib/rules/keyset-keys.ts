import { componentsOf, isTrueAt, type Component, type ComponentMap } from '../model';
import { keyFactsOf } from './key';
import { below, itemsBelow, placeAt, placeOf, textOf, type Place } from './place';
import { error, flaw, rules, warning, type Flaw } from './rule';
import { HELP_SETUP, META_KEY, OWN } from './sources';

export const KEYSET_KEY_RULES = rules({
  'kid-twice': error('No two keys of a keyset have the same kid.', `${HELP_SETUP}; RFC 7517, section 4.5`),
  'key-twice': warning('No key is in a keyset under two names.', OWN),
  'keyset-without-active-key': error('A keyset of uploaded keys has an active one.', META_KEY),
});

/** One key of a keyset: where the keyset names it, and the key. */
interface Listed {
  readonly place: Place;
  readonly key: Component;
  readonly kid: string | undefined;
  readonly thumbprint: string | undefined;
}

/** The rules of every keyset together with its keys. Keys that are not among the components are not judged. */
export const checkKeysetKeys = (components: ComponentMap, now: Date): readonly Flaw[] =>
  componentsOf(components, 'PublicKeyCertificateSet').flatMap((keyset) => {
    const named = itemsBelow(placeOf(keyset), 'publicKeyCertificateSetKeys').map((item) =>
      below(item, 'publicKeyCertificate'),
    );
    const keys = named.flatMap((place) => listed(place, components, now));
    const complete = named.length > 0 && keys.length === named.length;
    return [...kidTwice(keys), ...keyTwice(keys), ...(complete ? withoutActiveKey(keyset, keys) : [])];
  });

function listed(place: Place, components: ComponentMap, now: Date): readonly Listed[] {
  const key = components.get(`PublicKeyCertificate:${textOf(place) ?? ''}`);
  if (!key) return [];
  const facts = keyFactsOf(key, now);
  return [{ place, key, kid: facts?.kid, thumbprint: facts?.thumbprint }];
}

/** The earlier key of another name that has the same value. */
function earlier(
  keys: readonly Listed[],
  index: number,
  value: (key: Listed) => string | undefined,
): Listed | undefined {
  const here = keys[index];
  const wanted = here && value(here);
  if (!here || wanted === undefined) return undefined;
  return keys.slice(0, index).find((other) => value(other) === wanted && other.key.fullName !== here.key.fullName);
}

/** A token names its key by kid alone. */
const kidTwice = (keys: readonly Listed[]): readonly Flaw[] =>
  keys.flatMap(({ place }, index) => {
    const other = earlier(keys, index, ({ kid }) => kid);
    const message = `The key has the kid of ${other?.key.fullName}: tokens name a key by kid, so one is never found.`;
    return other
      ? [flaw(KEYSET_KEY_RULES['kid-twice'], place, message, 'Give each key of the keyset a kid of its own.')]
      : [];
  });

const keyTwice = (keys: readonly Listed[]): readonly Flaw[] =>
  keys.flatMap(({ place }, index) => {
    const other = earlier(keys, index, ({ thumbprint }) => thumbprint);
    const message = `The key is that of ${other?.key.fullName}: replacing one by the other would not replace the key.`;
    return other
      ? [flaw(KEYSET_KEY_RULES['key-twice'], place, message, 'Keep one of them, or make a new pair for the other.')]
      : [];
  });

/** isActive of a key is false unless it is stated as true (Metadata API guide, PublicKeyCertificate). */
function withoutActiveKey(keyset: Component, keys: readonly Listed[]): readonly Flaw[] {
  if (keys.some(({ key }) => isTrueAt(key.root, 'isActive'))) return [];
  const place = placeAt(keyset, 'publicKeyCertificateSetKeys');
  const message = 'No key of the keyset is active: every token would be refused.';
  return [
    flaw(
      KEYSET_KEY_RULES['keyset-without-active-key'],
      place,
      message,
      'State isActive as true for at least one of its keys.',
    ),
  ];
}
