import { keyOf, mapOf, parseKey, type Component, type ComponentKey, type ComponentMap } from './component';
import { childrenOf, parent, textAt, isTrueAt, type Element } from './element';
import { isKeyedList } from './lists';
import type { LiveState } from './plan';
import { isSignerRecord, SIGNER_RECORD } from './signer';
import type { OrgState, Transition, TrustRecord } from './transition';
import { authorizationsOf, keyNamesOf, keysetNameOf } from './trust';
import { findUndeclaredTrust, type UndeclaredTrust } from './trust-grants';
import { trustSettingNames } from './trust-settings';

/**
 * The trust that a rollback restores. A snapshot contains what an org had before a run, also what an intruder added. The record says
 * what the run before it left, which source declared. A rollback restores what both contain. What was added in the org between
 * the two runs isn't restored; without a record, what was added is unknown, and no trust that the org lacks now is restored.
 */

const isTrustType = (key: ComponentKey): boolean => trustSettingNames(parseKey(key).type).length > 0;

/** The trust of an org at the end of a run: the trust settings of all components that have some, and the active channels. */
export function trustRecordOf({ components, channels }: LiveState, recordedAt: Date): TrustRecord {
  const trusted = [...components.values()].flatMap((component) => {
    const { type, fullName, root } = component;
    return isTrustType(keyOf(component))
      ? [withTrust({ type, fullName, root: { ...root, children: [] } }, (name) => settingsOf(component, name))]
      : [];
  });
  return {
    recordedAt,
    components: mapOf(trusted),
    channels: new Map([...channels].map(([name, { active }]) => [name, active])),
  };
}

/** The record after a run that changed only some components. The others stay as they are in the record before it. */
export function updateTrustRecord(before: TrustRecord, after: TrustRecord, { to }: Transition): TrustRecord {
  const components = new Map(before.components);
  for (const key of [...to.components.keys()].filter(isTrustType)) {
    const component = after.components.get(key);
    if (component) components.set(key, component);
    else components.delete(key);
  }
  const changed = [...to.channels.keys()].flatMap((name): [string, boolean][] => {
    const active = after.channels.get(name);
    return active === undefined ? [] : [[name, active]];
  });
  return { recordedAt: after.recordedAt, components, channels: new Map([...before.channels, ...changed]) };
}

/** The rollback without undeclared trust. Other settings are rolled back. */
export function withoutUndeclaredTrust(rollback: Transition, live: LiveState): Transition {
  const { to, trustBefore } = rollback;
  const restore = trustBefore ? recordedTrust(trustBefore, live.components) : narrowerTrust(rollback, live);
  const components = [...to.components].flatMap(([key, component]): [ComponentKey, Component | null][] => {
    const restored = isTrustType(key) ? restore(key, component) : component;
    return restored === undefined || isDeletedRecord(key, restored, live) ? [] : [[key, restored]];
  });
  const isRestored = ([name, active]: readonly [string, boolean]): boolean =>
    !active || trustBefore?.channels.get(name) === true;
  return {
    ...rollback,
    to: { ...to, components: new Map(components), channels: new Map([...to.channels].filter(isRestored)) },
  };
}

/** A signer record that the org doesn't have any more: a run deleted it as undeclared trust, or a person did. */
const isDeletedRecord = (key: ComponentKey, restored: Component | null, live: LiveState): boolean =>
  restored !== null && key !== SIGNER_RECORD && isSignerRecord(key) && !live.components.has(key);

/** The component that a rollback restores: null deletes it, and undefined leaves it as it is. */
type Restore = (key: ComponentKey, before: Component | null) => Component | null | undefined;

/** Restores the trust that the record contains. A component that was added or deleted since the record stays as it is now. */
const recordedTrust =
  ({ components }: TrustRecord, live: ComponentMap): Restore =>
  (key, before) => {
    const recorded = components.get(key);
    if (!before || !recorded) return before === (recorded ?? null) ? null : undefined;
    return withTrust(before, (name) => recordedSettings(name, recorded, before, live.get(key)));
  };

/**
 * The value before the run if the record has it, else the one that the org has now. A list keeps each recorded item that was
 * there before the run or is there now. The record alone adds nothing: it's outdated if another machine changed the org.
 */
function recordedSettings(
  name: string,
  recorded: Component,
  before: Component,
  live: Component | undefined,
): readonly Element[] {
  const known = settingsOf(recorded, name);
  const ids = new Set(known.map(idOf));
  const earlier = settingsOf(before, name);
  const now = live ? settingsOf(live, name) : known;
  if (!isKeyedList(name)) return idsOf(earlier) === idsOf(known) ? earlier : now;
  return [...new Map([...earlier, ...now].map((item) => [idOf(item), item])).values()].filter((item) =>
    ids.has(idOf(item)),
  );
}

const idsOf = (elements: readonly Element[]): string => elements.map(idOf).join();

/** A text that is equal for equal elements, in any order of their children. */
const idOf = ({ name, text, children }: Element): string => JSON.stringify([name, text, children.map(idOf).sort()]);

/** Leaves the trust of each channel as it is now if the rollback would verify more users on it. */
function narrowerTrust(rollback: Transition, live: LiveState): Restore {
  const after = stateAfter(rollback, live.components);
  const kept = new Set(
    [live.components, after].flatMap((state) => trustComponents(widenedChannels(rollback, live, after), state)),
  );
  return (key, before) => {
    const current = live.components.get(key);
    const isKept = before?.type === 'EmbeddedServiceConfig' ? servesMore(before, current) : kept.has(key);
    if (!isKept) return before;
    return before && current ? withTrust(before, (name) => settingsOf(current, name)) : undefined;
  };
}

/** The channels that would be active, verify more users, or verify nobody at all after a rollback, and don't now. */
function widenedChannels({ to }: Transition, live: LiveState, after: ComponentMap): readonly string[] {
  const activated = [...to.channels].flatMap(([name, active]) => (active ? [name] : []));
  const widened = findUndeclaredTrust(after, live.components, after);
  return [
    ...activated.filter((name) => live.channels.get(name)?.active !== true),
    ...widened.flatMap(({ component, channels }) => [parseKey(component).fullName, ...channels]),
  ];
}

/** Whether customers could chat through a chat deployment after a rollback and can't now, or on another channel. */
const servesMore = (before: Component, now: Component | undefined): boolean =>
  isTrueAt(before.root, 'isEnabled') &&
  (!now || !isTrueAt(now.root, 'isEnabled') || servedChannel(before) !== servedChannel(now));

const servedChannel = ({ root }: Component): string | undefined =>
  textAt(root, 'embeddedServiceMessagingChannel.messagingChannel');

/** The trust of the org after a rollback that it wouldn't have after another one. */
export function restoredTrust(
  rollback: Transition,
  narrower: Transition,
  live: ComponentMap,
): readonly UndeclaredTrust[] {
  const after = stateAfter(rollback, live);
  return findUndeclaredTrust(after, stateAfter(narrower, live), after);
}

/** The components of an org after a transition that isn't partial. */
export function stateAfter({ to }: { readonly to: Pick<OrgState, 'components'> }, live: ComponentMap): ComponentMap {
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

/** The trust settings of a component with one name. */
function settingsOf({ type, root }: Component, name: string): readonly Element[] {
  const owner = type === 'MessagingChannel' ? configOf(root) : root;
  return owner ? childrenOf(owner, name) : [];
}

/** The component with other trust settings, in the order of Salesforce: by name. */
function withTrust(component: Component, settings: (name: string) => readonly Element[]): Component {
  const { type, root } = component;
  const names = trustSettingNames(type);
  const replaceIn = (element: Element): Element => ({
    ...element,
    children: sortedByName([
      ...element.children.filter(({ name }) => !names.includes(name)),
      ...names.flatMap(settings),
    ]),
  });
  if (type !== 'MessagingChannel') return { ...component, root: replaceIn(root) };
  const config = configOf(root);
  const replaced = replaceIn(config ?? parent('embeddedConfig', []));
  if (replaced.children.length === 0 && !config) return component;
  const others = root.children.filter((child) => child !== config);
  return { ...component, root: { ...root, children: sortedByName([...others, replaced]) } };
}

const sortedByName = (elements: readonly Element[]): readonly Element[] =>
  [...elements].sort((one, other) => (one.name < other.name ? -1 : Number(one.name > other.name)));

const configOf = ({ children }: Element): Element | undefined => children.find(({ name }) => name === 'embeddedConfig');
