import {
  childrenOf,
  elementAt,
  isTrueAt,
  keyOf,
  textAt,
  type Component,
  type ComponentKey,
  type ComponentMap,
  type Element,
} from '../model';

/** Trust that an org grants beside what the source states: a key in a keyset, or an active configuration on a channel. */
export interface UnmanagedTrust {
  readonly component: ComponentKey;
  readonly path: string;
  readonly name: string;
}

/**
 * Keys and configurations of our own keysets and channels that only the org has. They stay, because the source owns only
 * what it states; but somebody should know that they are trusted.
 */
export function findUnmanagedTrust(desired: ComponentMap, live: ComponentMap): readonly UnmanagedTrust[] {
  return [...desired.values()].flatMap((component) => {
    const liveComponent = live.get(keyOf(component));
    return liveComponent ? unmanagedIn(component, liveComponent, live) : [];
  });
}

function unmanagedIn(component: Component, liveComponent: Component, live: ComponentMap): readonly UnmanagedTrust[] {
  if (component.type === 'PublicKeyCertificateSet') {
    return unmanagedItems(component, liveComponent, 'publicKeyCertificateSetKeys', 'publicKeyCertificate', (item) =>
      isActiveKey(live, textAt(item, 'publicKeyCertificate') ?? ''),
    );
  }
  if (component.type !== 'MessagingChannel' || !isAuthMode(component, liveComponent)) return [];
  return unmanagedItems(component, liveComponent, 'embeddedConfig.messagingAuthorizations', 'authIdentifier', (item) =>
    isTrueAt(item, 'enabled'),
  );
}

function isActiveKey(live: ComponentMap, name: string): boolean {
  const key = live.get(`PublicKeyCertificate:${name}`);
  return key !== undefined && isTrueAt(key.root, 'isActive');
}

/** Whether the channel verifies anybody once our values are laid over it. */
const isAuthMode = (component: Component, liveComponent: Component): boolean =>
  (textAt(component.root, 'embeddedConfig.authMode') ?? textAt(liveComponent.root, 'embeddedConfig.authMode')) ===
  'Auth';

function unmanagedItems(
  component: Component,
  live: Component,
  path: string,
  key: string,
  isTrusted: (item: Element) => boolean,
): readonly UnmanagedTrust[] {
  const declared = new Set(itemsAt(component.root, path).map((item) => textAt(item, key)));
  return itemsAt(live.root, path)
    .filter((item) => isTrusted(item) && !declared.has(textAt(item, key)))
    .map((item) => ({ component: keyOf(component), path, name: textAt(item, key) ?? '' }));
}

function itemsAt(root: Element, path: string): readonly Element[] {
  const lastDot = path.lastIndexOf('.');
  const parent = lastDot < 0 ? root : elementAt(root, path.slice(0, lastDot));
  return parent ? childrenOf(parent, path.slice(lastDot + 1)) : [];
}
