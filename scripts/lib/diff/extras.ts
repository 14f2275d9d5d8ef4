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
export interface ExtraTrust {
  readonly component: ComponentKey;
  readonly path: string;
  readonly name: string;
}

/**
 * Keys and configurations of our own keysets and channels that only the org has. They stay, because the source owns only
 * what it states; but somebody should know that they are trusted.
 */
export function extraTrust(desired: ComponentMap, live: ComponentMap): readonly ExtraTrust[] {
  return [...desired.values()].flatMap((component) => {
    const before = live.get(keyOf(component));
    return before ? extrasOf(component, before, live) : [];
  });
}

function extrasOf(component: Component, before: Component, live: ComponentMap): readonly ExtraTrust[] {
  if (component.type === 'PublicKeyCertificateSet') {
    return extras(component, before, 'publicKeyCertificateSetKeys', 'publicKeyCertificate', (item) =>
      isActiveKey(live, textAt(item, 'publicKeyCertificate') ?? ''),
    );
  }
  if (component.type !== 'MessagingChannel' || !isAuth(component, before)) return [];
  return extras(component, before, 'embeddedConfig.messagingAuthorizations', 'authIdentifier', (item) =>
    isTrueAt(item, 'enabled'),
  );
}

function isActiveKey(live: ComponentMap, name: string): boolean {
  const key = live.get(`PublicKeyCertificate:${name}`);
  return key !== undefined && isTrueAt(key.root, 'isActive');
}

/** Whether the channel verifies anybody once our values are laid over it. */
const isAuth = (component: Component, before: Component): boolean =>
  (textAt(component.root, 'embeddedConfig.authMode') ?? textAt(before.root, 'embeddedConfig.authMode')) === 'Auth';

function extras(
  component: Component,
  live: Component,
  path: string,
  key: string,
  counts: (item: Element) => boolean,
): readonly ExtraTrust[] {
  const stated = new Set(itemsAt(component.root, path).map((item) => textAt(item, key)));
  return itemsAt(live.root, path)
    .filter((item) => counts(item) && !stated.has(textAt(item, key)))
    .map((item) => ({ component: keyOf(component), path, name: textAt(item, key) ?? '' }));
}

function itemsAt(root: Element, path: string): readonly Element[] {
  const at = path.lastIndexOf('.');
  const parent = at < 0 ? root : elementAt(root, path.slice(0, at));
  return parent ? childrenOf(parent, path.slice(at + 1)) : [];
}
