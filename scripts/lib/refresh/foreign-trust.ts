import {
  childrenOf,
  keyOf,
  mapOf,
  naturalKey,
  referencesOf,
  textAt,
  type Component,
  type ComponentKey,
  type ComponentMap,
  type Desired,
  type Element,
} from '../model';
import { productionTrust } from '../rules';

/** What of production's trust is taken out of an org, and what is not, because somebody else's components need it. */
export interface ForeignTrust {
  /** Our own components without it, as they should be. */
  readonly kept: ComponentMap;
  /** Keysets and keys to delete. */
  readonly removed: readonly ComponentKey[];
  /** What stays, with the components that use it. */
  readonly used: readonly { readonly key: ComponentKey; readonly by: readonly string[] }[];
}

/**
 * Finds in an org the keysets and keys that trust what production trusts and that its own source does not state, and takes
 * them out of the keysets and channels that the source owns. What a neighbour refers to stays: it is not ours to break.
 */
export function foreignTrust(
  { org, components: own }: Desired,
  live: ComponentMap,
  production: readonly Desired[],
  now: Date,
): ForeignTrust {
  const found = productionTrust({ org, components: live }, production, now).map(({ component }) => component);
  const foreign = [...live.keys()].filter((key) => found.includes(key) && !own.has(key));
  const ours = [...own.values()].flatMap((stated) => {
    const component = live.get(keyOf(stated));
    return component ? [{ component, without: strip(component, stated, foreign) }] : [];
  });
  const kept = mapOf(ours.filter(({ component, without }) => component !== without).map(({ without }) => without));
  const after = new Map([...live, ...kept]);
  const removed = removable(foreign, after);
  return {
    ...{ kept, removed },
    used: foreign.filter((key) => !removed.includes(key)).map((key) => ({ key, by: usersOf(key, after, removed) })),
  };
}

/** What nothing refers to that stays. A keyset that stays keeps its keys, so this is asked until nothing changes. */
function removable(foreign: readonly ComponentKey[], after: ComponentMap): readonly ComponentKey[] {
  const free = foreign.filter((key) => usersOf(key, after, foreign).length === 0);
  return free.length === foreign.length ? free : removable(free, after);
}

const usersOf = (key: ComponentKey, after: ComponentMap, gone: readonly ComponentKey[]): readonly string[] =>
  [...after.values()]
    .filter((component) => !gone.includes(keyOf(component)))
    .filter((component) => referencesOf(component).some(({ type, name }) => `${type}:${name}` === key))
    .map(keyOf);

/** Our keyset without production's keys, our channel without configurations for production's keysets. */
function strip(live: Component, stated: Component, foreign: readonly ComponentKey[]): Component {
  const names = namesOf(foreign, live.type);
  if (live.type === 'PublicKeyCertificateSet')
    return filtered(live, stated, 'publicKeyCertificateSetKeys', 'publicKeyCertificate', names);
  return live.type === 'MessagingChannel'
    ? filtered(live, stated, 'messagingAuthorizations', 'publicKeyCertificateSetName', names)
    : live;
}

const NAMED = { PublicKeyCertificateSet: 'PublicKeyCertificate', MessagingChannel: 'PublicKeyCertificateSet' } as const;

const namesOf = (foreign: readonly ComponentKey[], type: string): ReadonlySet<string> =>
  new Set(
    foreign
      .filter((key) => key.startsWith(`${(NAMED as Readonly<Record<string, string>>)[type] ?? '-'}:`))
      .map((key) => key.slice(key.indexOf(':') + 1)),
  );

/** The component without the items of a list that name what goes, and that the source does not state. */
function filtered(
  live: Component,
  stated: Component,
  list: string,
  element: string,
  names: ReadonlySet<string>,
): Component {
  const own = new Set(itemsIn(stated.root, list).map(naturalKey));
  const goes = (item: Element): boolean =>
    item.name === list && names.has(textAt(item, element) ?? '') && !own.has(naturalKey(item));
  const root = withoutItems(live.root, goes);
  return root === live.root ? live : { ...live, root };
}

const itemsIn = (root: Element, list: string): readonly Element[] => [
  ...childrenOf(root, list),
  ...childrenOf(root, 'embeddedConfig').flatMap((config) => childrenOf(config, list)),
];

function withoutItems(element: Element, goes: (item: Element) => boolean): Element {
  const children = element.children.flatMap((child) => (goes(child) ? [] : [withoutItems(child, goes)]));
  const same =
    children.length === element.children.length && children.every((child, at) => child === element.children[at]);
  return same ? element : { ...element, children };
}
