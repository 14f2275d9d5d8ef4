import { mapOf, type Component, type ComponentKey, type ComponentMap } from './component';
import type { Element } from './element';
import type { Transition } from './transition';
import { authorizationsOf, keyNamesOf, KEYS_ELEMENT, keysetNameOf } from './trust';
import { findUndeclaredTrust, type UndeclaredTrust } from './trust-grants';

/** The settings that decide whose tokens are accepted. */
const TRUST_SETTINGS = [
  ...['authMode', 'messagingAuthorizations'],
  ...['jwtIssuer', 'jwksEndPoint', 'type', KEYS_ELEMENT],
  ...['isActive', 'jsonWebKey'],
];

/** The undeclared trust that a run revoked and its rollback would restore. `rollback` is the inverse of the run's transition. */
export function restoredTrust(rollback: Transition, live: ComponentMap): readonly UndeclaredTrust[] {
  const { revoked = [] } = rollback;
  const after = stateAfter(rollback, live);
  return findUndeclaredTrust(after, live, after).filter(({ channels }) =>
    channels.some((name) => revoked.includes(name)),
  );
}

/**
 * The rollback without the undeclared trust that it would restore: the channels that would accept the tokens keep their user
 * verification, keysets, and keys as they are now. Their other settings are rolled back.
 */
export function withoutRestoredTrust(rollback: Transition, live: ComponentMap): Transition {
  const channels = restoredTrust(rollback, live).flatMap((each) => each.channels);
  if (channels.length === 0) return rollback;
  const kept = new Set([live, stateAfter(rollback, live)].flatMap((state) => trustComponents(channels, state)));
  const components = [...rollback.to.components].flatMap(([key, component]): [ComponentKey, Component | null][] => {
    const current = live.get(key);
    if (!kept.has(key) || !current) return [[key, component]];
    return component ? [[key, withTrustOf(component, current)]] : [];
  });
  return { ...rollback, to: { ...rollback.to, components: new Map(components) } };
}

function stateAfter({ to }: Transition, live: ComponentMap): ComponentMap {
  const deleted = new Set([...to.components].flatMap(([key, component]) => (component ? [] : [key])));
  const remaining = [...live].filter(([key]) => !deleted.has(key));
  return new Map([...remaining, ...mapOf([...to.components.values()].filter((each) => each !== null))]);
}

/** The channels with the keysets and keys that they refer to. */
function trustComponents(channels: readonly string[], state: ComponentMap): readonly ComponentKey[] {
  return channels.flatMap((name) => {
    const channel = state.get(`MessagingChannel:${name}`);
    const keysets = (channel ? authorizationsOf(channel) : []).flatMap((item) => keysetNameOf(item) ?? []);
    const keys = keysets.flatMap((keyset) => keyNamesOf(state.get(`PublicKeyCertificateSet:${keyset}`)));
    const own: ComponentKey = `MessagingChannel:${name}`;
    return [
      own,
      ...keysets.map((each): ComponentKey => `PublicKeyCertificateSet:${each}`),
      ...keys.map((each): ComponentKey => `PublicKeyCertificate:${each}`),
    ];
  });
}

const withTrustOf = (component: Component, current: Component): Component => ({
  ...component,
  root: withSettingsOf(component.root, current.root),
});

/** The element with the trust settings of another one, in the order of Salesforce: by name. */
function withSettingsOf(element: Element, current: Element): Element {
  const others = element.children
    .filter(({ name }) => !TRUST_SETTINGS.includes(name))
    .map((child) => (child.name === 'embeddedConfig' ? withSettingsOf(child, configOf(current) ?? child) : child));
  const trust = current.children.filter(({ name }) => TRUST_SETTINGS.includes(name));
  const added = others.every(({ name }) => name !== 'embeddedConfig') ? configOf(current) : undefined;
  const children = [...others, ...trust, ...(added ? [added] : [])];
  return {
    ...element,
    children: children.sort((one, other) => (one.name < other.name ? -1 : Number(one.name > other.name))),
  };
}

const configOf = ({ children }: Element): Element | undefined => children.find(({ name }) => name === 'embeddedConfig');
