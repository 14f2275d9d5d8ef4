import {
  authModeOf,
  authorizationsOf,
  AUTHORIZATIONS_PATH,
  configurationNameOf,
  isActiveKey,
  isEnabled,
  keyNamesOf,
  keyOf,
  KEYS_ELEMENT,
  type Component,
  type ComponentKey,
  type ComponentMap,
} from '../model';

/** Unmanaged trust: an undeclared active key in a keyset, or an undeclared enabled authorization of a channel. */
export interface UnmanagedTrust {
  readonly component: ComponentKey;
  readonly path: string;
  readonly name: string;
}

/**
 * Finds active keys and enabled user verification configurations that only the org has, in managed keysets and channels.
 * A deploy doesn't remove them, so commands report them.
 */
export function findUnmanagedTrust(desired: ComponentMap, live: ComponentMap): readonly UnmanagedTrust[] {
  return [...desired.values()].flatMap((component) => {
    const liveComponent = live.get(keyOf(component));
    return liveComponent ? unmanagedIn(component, liveComponent, live) : [];
  });
}

function unmanagedIn(component: Component, liveComponent: Component, live: ComponentMap): readonly UnmanagedTrust[] {
  const toTrust = (path: string, name: string): UnmanagedTrust => ({ component: keyOf(component), path, name });
  if (component.type === 'PublicKeyCertificateSet')
    return unmanagedKeys(component, liveComponent, live).map((name) => toTrust(KEYS_ELEMENT, name));
  if (component.type !== 'MessagingChannel' || !isAuthModeAfterDeploy(component, liveComponent)) return [];
  return unmanagedConfigurations(component, liveComponent).map((name) => toTrust(AUTHORIZATIONS_PATH, name));
}

function unmanagedKeys(keyset: Component, liveKeyset: Component, live: ComponentMap): readonly string[] {
  const declared = keyNamesOf(keyset);
  return keyNamesOf(liveKeyset).filter((name) => isActiveKey(live, name) && !declared.includes(name));
}

/** Whether user verification is on once the declared mode is merged into the live channel. */
const isAuthModeAfterDeploy = (channel: Component, liveChannel: Component): boolean =>
  (authModeOf(channel) ?? authModeOf(liveChannel)) === 'Auth';

function unmanagedConfigurations(channel: Component, liveChannel: Component): readonly string[] {
  const declared = authorizationsOf(channel).map(configurationNameOf);
  return authorizationsOf(liveChannel)
    .filter((item) => isEnabled(item) && !declared.includes(configurationNameOf(item)))
    .map((item) => configurationNameOf(item) ?? '');
}
