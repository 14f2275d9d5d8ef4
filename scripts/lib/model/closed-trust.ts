import { componentsOf, keyOf, mapOf, type Component, type ComponentKey, type ComponentMap } from './component';
import { childrenOf, isTrueAt, textAt, withLeaf, type Element } from './element';
import { naturalKey } from './lists';
import {
  authModeOf,
  authorizationsOf,
  authorizationTypeOf,
  configurationNameOf,
  enabledAuthorizationsOf,
  isEnabled,
  keyNamesOf,
  KEYS_ELEMENT,
  keysetNameOf,
  keysetsListing,
  mayBeActiveKey,
  PROVIDER_ELEMENT,
  withoutKey,
} from './trust';
import { acceptsAuthorization, acceptsKey, namesKey, trustsOthers, type Acceptance } from './accepted-trust';

/**
 * Closes the trust of an org. Settings are open: a setting that source doesn't declare keeps its live value. Trust is closed:
 * the keys of a keyset, the user verification configurations of a channel, and the channels that use a Configuration Name
 * are complete lists.
 */

/** The facts that decide whether trust is declared. */
export interface TrustPolicy {
  /** The components as source declares them. */
  readonly declared: ComponentMap;
  /** Keys that the org file accepts in addition. */
  readonly accepted: Acceptance;
  /** Whether Salesforce accepts a key in a deploy: it rejects expired certificates, so such a key can't be deactivated. */
  readonly canDeploy?: (key: Component) => boolean;
  /** How undeclared configurations of managed channels are revoked. Default: they are removed from the list. */
  readonly revokeBy?: 'removing' | 'disabling';
}

/**
 * Returns the target of an org without undeclared trust: `target` has the declared components with their live values. It adds
 * the unmanaged components that have to change: channels that use a declared Configuration Name with another keyset, accepted
 * keysets with keys that aren't accepted, and undeclared keys that no other keyset lists. Inactive keys and disabled
 * configurations verify no token, so they stay.
 */
export function closeTrust(target: ComponentMap, live: ComponentMap, policy: TrustPolicy): ComponentMap {
  const after = new Map([...live, ...target]);
  const isTrusted = (key: string, keyset: Component): boolean =>
    mayBeActiveKey(after, key) && !acceptsKey(policy.accepted, after, key, [keyOf(keyset)]);
  const isAccepted: IsAccepted = (channel, item) => acceptsAuthorization(policy.accepted, after, keyOf(channel), item);
  const revokeBy = policy.revokeBy ?? 'removing';
  const closed = mapOf(
    [...target.values()].map((component) =>
      closeLists(component, policy.declared.get(keyOf(component)), { isAccepted, isTrusted, revokeBy }),
    ),
  );
  const channels = foreignChannels(closed, live, isAccepted);
  const keysets = acceptedKeysets(new Map([...live, ...closed, ...mapOf(channels)]), closed, policy.accepted);
  const changed = new Map([...closed, ...mapOf([...channels, ...keysets])]);
  const end = new Map([...live, ...changed]);
  const removedKeys = [...changed].flatMap(([key, component]) => removedKeyNames(after.get(key), component));
  const keys = [...new Set(removedKeys)].flatMap((name) => unusedKey(name, end, changed));
  const replaced = componentsOf(changed, 'PublicKeyCertificateSet').flatMap((keyset) =>
    replacedKeys(keyset, end, policy),
  );
  const { canDeploy = () => true } = policy;
  return new Map([...changed, ...mapOf([...keys, ...replaced].filter(canDeploy))]);
}

/**
 * The declared components, with the user verification configurations disabled whose keyset only the org has, and trusts others than
 * the org file names.
 */
export const withoutReplacedKeysets = (
  declared: ComponentMap,
  live: ComponentMap,
  accepted: Acceptance,
): ComponentMap => {
  const after = new Map([...live, ...declared]);
  const isReplaced = (channel: Component, item: Element): boolean =>
    !declared.has(`PublicKeyCertificateSet:${keysetNameOf(item) ?? ''}`) &&
    trustsOthers(accepted, after, keyOf(channel), item);
  const channels = componentsOf(declared, 'MessagingChannel').map((channel) =>
    mapAuthorizations(channel, (item) => (isReplaced(channel, item) ? disabled(item) : item)),
  );
  return new Map([...declared, ...mapOf(channels)]);
};

/**
 * Keys of a declared keyset that only the org has, and whose public key isn't the one that the org file names, as inactive keys:
 * source lists them, so they stay in the keyset.
 */
const replacedKeys = (
  keyset: Component,
  end: ComponentMap,
  { declared, accepted }: TrustPolicy,
): readonly Component[] =>
  keyNamesOf(declared.get(keyOf(keyset))).flatMap((name) => {
    const key = end.get(`PublicKeyCertificate:${name}`);
    const isReplaced =
      key &&
      !declared.has(keyOf(key)) &&
      namesKey(accepted, name, keyOf(keyset)) &&
      !acceptsKey(accepted, end, name, [keyOf(keyset)]);
    return isReplaced && isTrueAt(key.root, 'isActive') ? [inactive(key)] : [];
  });

const inactive = (key: Component): Component => ({ ...key, root: withLeaf(key.root, 'isActive', 'false') });

/** Whether an undeclared configuration of a channel is accepted. */
type IsAccepted = (channel: Component, item: Element) => boolean;

/** How the lists of one component are closed. */
interface ListPolicy extends Required<Pick<TrustPolicy, 'revokeBy'>> {
  readonly isAccepted: IsAccepted;
  /** Whether an undeclared key of a keyset verifies tokens and isn't accepted. */
  readonly isTrusted: (key: string, keyset: Component) => boolean;
}

/** The component without the trust that its own declaration doesn't contain. */
export function closeLists(component: Component, declared: Component | undefined, policy: ListPolicy): Component {
  if (!declared) return component;
  if (component.type === 'PublicKeyCertificateSet') return closeKeyset(component, declared, policy);
  return component.type === 'MessagingChannel' ? closeChannel(component, declared, policy) : component;
}

function closeKeyset(keyset: Component, declared: Component, { isTrusted }: ListPolicy): Component {
  const names = keyNamesOf(declared);
  const isKept = (child: Element): boolean => {
    // Salesforce rejects an endpoint in a keyset of uploaded keys (sf-skills: service-itsm-teams).
    if (child.name === 'jwksEndPoint') return textAt(keyset.root, 'type') !== 'JWKS' || declares(declared, child.name);
    const key = child.name === KEYS_ELEMENT ? textAt(child, 'publicKeyCertificate') : undefined;
    return key === undefined || names.includes(key) || !isTrusted(key, keyset);
  };
  return withChildren(keyset, keepChildren(keyset.root, isKept));
}

const declares = ({ root }: Component, name: string): boolean => childrenOf(root, name).length > 0;

/**
 * Removes or disables undeclared trust of a channel. The first item with the name of a declared one has the declared values. Another
 * item with this name verifies other tokens, unless it has the same keyset.
 */
function closeChannel(channel: Component, declared: Component, { isAccepted, revokeBy }: ListPolicy): Component {
  const items = authorizationsOf(channel);
  const own = new Map(
    authorizationsOf(declared).flatMap((each): [Element, Element][] => {
      const item = items.find((other) => naturalKey(other) === naturalKey(each));
      return item ? [[item, withoutProvider(item, each)]] : [];
    }),
  );
  const isAllowed = (item: Element): boolean =>
    !isEnabled(item) || [...own.values()].some((each) => verifiesSame(each, item)) || isAccepted(channel, item);
  const closed = mapAuthorizations(
    channel,
    (item) => own.get(item) ?? (isAllowed(item) ? item : revokeBy === 'disabling' ? disabled(item) : undefined),
  );
  return authModeOf(declared) === undefined && enabledAuthorizationsOf(closed).length > 0
    ? withAuthMode(closed)
    : closed;
}

/** A channel that still verifies users has user verification on, whatever source declares. */
const withAuthMode = (channel: Component): Component =>
  withChildren(
    channel,
    replaceChildren(channel.root, (child) =>
      child.name === 'embeddedConfig' && textAt(child, 'authMode') !== 'Auth'
        ? withLeaf(child, 'authMode', 'Auth')
        : child,
    ),
  );

/** The Metadata API guide says that an auth provider "should never be set", so one that isn't declared is undeclared trust. */
const withoutProvider = (item: Element, declared: Element): Element =>
  withElements(
    item,
    childrenOf(declared, PROVIDER_ELEMENT).length > 0
      ? item.children
      : replaceChildren(item, (child) => (child.name === PROVIDER_ELEMENT ? undefined : child)),
  );

/** Whether two user verification configurations verify the same customers with the same keyset. */
const verifiesSame = (one: Element, other: Element): boolean =>
  textAt(one, 'authIdentifier') === textAt(other, 'authIdentifier') && hasSameVerifier(one, other);

const hasSameVerifier = (one: Element, other: Element): boolean =>
  authorizationTypeOf(one) === authorizationTypeOf(other) &&
  ['publicKeyCertificateSetName', PROVIDER_ELEMENT].every((name) => textAt(one, name) === textAt(other, name));

/**
 * Whether two Configuration Names look the same to a reader. A declared name has only ASCII letters, digits, and underscores, so any
 * other letter in its place can be a look-alike, such as a Cyrillic one.
 */
const looksLike = (one: Element, other: Element): boolean => {
  const [left, right] = [one, other].map((item) => [...nameOf(item)]);
  const isAlike = (letter: string, at: number): boolean => letter === right?.[at] || !/[\x21-\x7e]/.test(letter);
  return left?.length === right?.length && left?.every(isAlike) === true;
};

/**
 * The Configuration Name without what a reader doesn't see. Whether Salesforce distinguishes names by case, width, or invisible
 * characters isn't documented. Developer names it doesn't distinguish by case.
 */
const nameOf = (item: Element): string =>
  (configurationNameOf(item) ?? '')
    .normalize('NFKC')
    .replace(/[\p{C}\s]/gu, '')
    .toLowerCase();

/** Unmanaged channels that use a declared Configuration Name with another keyset, with these configurations disabled. */
function foreignChannels(closed: ComponentMap, live: ComponentMap, isAccepted: IsAccepted): readonly Component[] {
  const own = componentsOf(closed, 'MessagingChannel').flatMap(enabledAuthorizationsOf);
  const isForeign = (channel: Component, item: Element): boolean => {
    const sameName = own.filter((each) => looksLike(item, each));
    if (!isEnabled(item) || sameName.length === 0 || isAccepted(channel, item)) return false;
    return !sameName.some((each) => hasSameVerifier(each, item));
  };
  return componentsOf(live, 'MessagingChannel')
    .filter((channel) => !closed.has(keyOf(channel)))
    .map((channel) => ({
      channel,
      closedChannel: mapAuthorizations(channel, (item) => (isForeign(channel, item) ? disabled(item) : item)),
    }))
    .filter(({ channel, closedChannel }) => channel !== closedChannel)
    .map(({ closedChannel }) => closedChannel);
}

/** Unmanaged keysets of accepted configurations that list other active keys too, without these keys. */
function acceptedKeysets(end: ComponentMap, closed: ComponentMap, accepted: Acceptance): readonly Component[] {
  const ownersOf = new Map<ComponentKey, Set<ComponentKey>>();
  for (const channel of componentsOf(end, 'MessagingChannel'))
    for (const item of enabledAuthorizationsOf(channel)) {
      const keyset: ComponentKey = `PublicKeyCertificateSet:${keysetNameOf(item) ?? ''}`;
      if (closed.has(keyset) || !acceptsAuthorization(accepted, end, keyOf(channel), item)) continue;
      ownersOf.set(keyset, (ownersOf.get(keyset) ?? new Set([keyset])).add(keyOf(channel)));
    }
  return [...ownersOf].flatMap(([key, owners]) => {
    const keyset = end.get(key);
    if (!keyset) return [];
    const isKept = (name: string): boolean =>
      !mayBeActiveKey(end, name) || acceptsKey(accepted, end, name, [...owners]);
    const kept = keyNamesOf(keyset)
      .filter((name) => !isKept(name))
      .reduce(withoutKey, keyset);
    return kept === keyset ? [] : [kept];
  });
}

const removedKeyNames = (before: Component | undefined, after: Component): readonly string[] =>
  after.type === 'PublicKeyCertificateSet' && before !== after
    ? keyNamesOf(before).filter((name) => !keyNamesOf(after).includes(name))
    : [];

/** A key that was removed from a keyset as an inactive key, unless it is declared or another keyset lists it. */
function unusedKey(name: string, end: ComponentMap, closed: ComponentMap): readonly Component[] {
  const key: ComponentKey = `PublicKeyCertificate:${name}`;
  const component = end.get(key);
  if (!component || closed.has(key) || keysetsListing(end, name).length > 0) return [];
  return [inactive(component)];
}

/** A user verification configuration that verifies nobody. */
export const disabled = (item: Element): Element => withLeaf(item, 'enabled', 'false');

/** Replaces or removes the user verification configurations of a channel. Returns the same object if none changes. */
export const mapAuthorizations = (channel: Component, replace: (item: Element) => Element | undefined): Component =>
  withChildren(
    channel,
    replaceChildren(channel.root, (child) =>
      child.name === 'embeddedConfig'
        ? withElements(
            child,
            replaceChildren(child, (item) => (item.name === 'messagingAuthorizations' ? replace(item) : item)),
          )
        : child,
    ),
  );

const keepChildren = (element: Element, isKept: (child: Element) => boolean): readonly Element[] =>
  replaceChildren(element, (child) => (isKept(child) ? child : undefined));

/** The same list if nothing changes, so that an unchanged component stays the same object. */
function replaceChildren({ children }: Element, replace: (child: Element) => Element | undefined): readonly Element[] {
  const replaced = children.flatMap((child) => replace(child) ?? []);
  return replaced.length === children.length && replaced.every((child, at) => child === children[at])
    ? children
    : replaced;
}

const withElements = (element: Element, children: readonly Element[]): Element =>
  children === element.children ? element : { ...element, children };

const withChildren = (component: Component, children: readonly Element[]): Component =>
  children === component.root.children ? component : { ...component, root: { ...component.root, children } };

/** Whether a component lists the key or the user verification configuration at a path such as `…[Rogue]`. */
export function hasItem(component: Component | undefined, path: string): boolean {
  const name = /\[(.*?)\]/.exec(path)?.[1];
  if (!component || name === undefined) return false;
  return [...keyNamesOf(component), ...authorizationsOf(component).map(naturalKey)].includes(name);
}
