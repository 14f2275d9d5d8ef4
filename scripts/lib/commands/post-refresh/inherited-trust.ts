import {
  parseKey,
  childrenOf,
  keyOf,
  mapOf,
  naturalKey,
  referencesOf,
  textAt,
  type Component,
  type ComponentKey,
  type ComponentMap,
  type DesiredState,
  type Element,
  type LiveState,
} from '../../model';
import { productionTrust } from '../../rules';
import { desiredTarget } from '../../org';

/** The trust that an org inherited from production: what to remove, and what to keep because unmanaged components use it. */
export interface InheritedTrust {
  /** Managed components without it, as they should be. */
  readonly kept: ComponentMap;
  /** Keysets and keys to delete. */
  readonly removed: readonly ComponentKey[];
  /** The components that stay, with the unmanaged components that use them. */
  readonly used: readonly { readonly key: ComponentKey; readonly by: readonly string[] }[];
}

/**
 * Finds the keysets and keys of an org that production trusts too and that its source doesn't declare, and removes them from the managed
 * keysets and channels. What an unmanaged component refers to stays.
 */
export function findInheritedTrust(
  { org, components: own, compromised }: DesiredState,
  live: ComponentMap,
  production: readonly DesiredState[],
  now: Date,
): InheritedTrust {
  const trusting = productionTrust({ org, components: live, compromised }, production, now).map(
    ({ component }) => component,
  );
  const inherited = [...live.keys()].filter((key) => trusting.includes(key) && !own.has(key));
  const managed = [...own.values()].flatMap((declared) => {
    const component = live.get(keyOf(declared));
    return component ? [{ component, without: withoutInherited(component, declared, inherited) }] : [];
  });
  const kept = mapOf(managed.filter(({ component, without }) => component !== without).map(({ without }) => without));
  const after = new Map([...live, ...kept]);
  const removed = removable(inherited, after);
  return {
    kept,
    removed,
    used: inherited.filter((key) => !removed.includes(key)).map((key) => ({ key, by: usersOf(key, after, removed) })),
  };
}

/** The inherited components that no remaining component refers to. A keyset that stays keeps its keys, so this repeats until nothing changes. */
function removable(inherited: readonly ComponentKey[], after: ComponentMap): readonly ComponentKey[] {
  const unused = inherited.filter((key) => usersOf(key, after, inherited).length === 0);
  return unused.length === inherited.length ? unused : removable(unused, after);
}

const usersOf = (key: ComponentKey, after: ComponentMap, removed: readonly ComponentKey[]): readonly string[] =>
  [...after.values()]
    .filter((component) => !removed.includes(keyOf(component)))
    .filter((component) => referencesOf(component).some(({ type, name }) => `${type}:${name}` === key))
    .map(keyOf);

/** A managed keyset without production's keys, or a managed channel without user verification configurations for production's keysets. */
function withoutInherited(live: Component, declared: Component, inherited: readonly ComponentKey[]): Component {
  const names = namesOf(inherited, live.type);
  if (live.type === 'PublicKeyCertificateSet')
    return withoutInheritedItems(live, declared, 'publicKeyCertificateSetKeys', 'publicKeyCertificate', names);
  return live.type === 'MessagingChannel'
    ? withoutInheritedItems(live, declared, 'messagingAuthorizations', 'publicKeyCertificateSetName', names)
    : live;
}

const ITEM_TYPES = {
  PublicKeyCertificateSet: 'PublicKeyCertificate',
  MessagingChannel: 'PublicKeyCertificateSet',
} as const;

const namesOf = (inherited: readonly ComponentKey[], type: string): ReadonlySet<string> =>
  new Set(
    inherited
      .map(parseKey)
      .filter((key) => key.type === (ITEM_TYPES as Readonly<Record<string, string>>)[type])
      .map(({ fullName }) => fullName),
  );

/** The component without the undeclared items of a list that name something inherited. */
function withoutInheritedItems(
  live: Component,
  declared: Component,
  list: string,
  element: string,
  names: ReadonlySet<string>,
): Component {
  const own = new Set(itemsIn(declared.root, list).map(naturalKey));
  const isRemoved = (item: Element): boolean =>
    item.name === list && names.has(textAt(item, element) ?? '') && !own.has(naturalKey(item));
  const root = withoutItems(live.root, isRemoved);
  return root === live.root ? live : { ...live, root };
}

const itemsIn = (root: Element, list: string): readonly Element[] => [
  ...childrenOf(root, list),
  ...childrenOf(root, 'embeddedConfig').flatMap((config) => childrenOf(config, list)),
];

function withoutItems(element: Element, isRemoved: (item: Element) => boolean): Element {
  const children = element.children.flatMap((child) => (isRemoved(child) ? [] : [withoutItems(child, isRemoved)]));
  const same =
    children.length === element.children.length && children.every((child, at) => child === element.children[at]);
  return same ? element : { ...element, children };
}

/** The components of the org after its desired state is deployed. */
export const withDesired = (desired: DesiredState, { components }: Pick<LiveState, 'components'>): ComponentMap =>
  new Map([...components, ...desiredTarget(desired, components)]);
