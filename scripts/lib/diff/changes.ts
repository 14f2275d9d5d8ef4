import {
  componentsOf,
  keyOf,
  mapOf,
  textAt,
  type Change,
  type Component,
  type ComponentKey,
  type ComponentMap,
  type Difference,
  type Snapshot,
} from '../model';
import { differences, labelOf } from './compare';
import { judge } from './impact';
import type { Scene } from './trust';

/** What would change in an org, and the components that carry the changes. */
export interface Comparison {
  readonly changes: readonly Change[];
  readonly bundle: ComponentMap;
  /** Components that are there and should not be. */
  readonly remove: readonly ComponentKey[];
  /** Channels that are active and should not be. */
  readonly deactivate: readonly string[];
  /** Channels that are not active and should be. */
  readonly activate: readonly string[];
}

/** What an org should be like beside its components. */
export interface Wish {
  /** Which channels should be active or not, by name. */
  readonly active: ReadonlyMap<string, boolean>;
  /** Components that should not be there. */
  readonly absent: readonly ComponentKey[];
}

/**
 * Compares an org with what it should hold. `target` is the live components with our values laid over them; every channel
 * in it should be active, but for those that are named as `inactive`. Nothing is deleted or deactivated.
 */
export function compare(live: Snapshot, target: ComponentMap, inactive: readonly string[] = []): Comparison {
  const names = channelsIn(target).filter((name) => !inactive.includes(name));
  return compareExactly(live, target, { active: new Map(names.map((name) => [name, true])), absent: [] });
}

/** Compares an org with what it should hold, which channels should be active, and what should be gone. */
export function compareExactly(live: Snapshot, target: ComponentMap, { active, absent }: Wish): Comparison {
  const removed = absent.flatMap((key) => live.components.get(key) ?? []);
  const gone = new Set(removed.filter(({ type }) => type === 'MessagingChannel').map(({ fullName }) => fullName));
  const isActive = (name: string): boolean => live.channels.get(name)?.active === true;
  const activate = [...active].filter(([name, wanted]) => wanted && !isActive(name)).map(([name]) => name);
  const deactivate = [...live.channels.keys()].filter(
    (name) => isActive(name) && (active.get(name) === false || gone.has(name)),
  );
  const scene = sceneOf(live, target, activate);
  const found = differences(live.components, target);
  const changed = new Set(found.map(({ component }) => component));
  const all = [
    ...deactivate.map((name) => activation(name, false)),
    ...found,
    ...removed.map(deletion),
    ...activate.map((name) => activation(name, true)),
  ];
  return {
    changes: all.map((difference) => judge(difference, scene)),
    bundle: mapOf([...target.values()].filter((component) => changed.has(keyOf(component)))),
    ...{ remove: removed.map(keyOf), deactivate, activate },
  };
}

/** A channel that goes live with the same deploy has customers the moment after. */
function sceneOf({ components, channels }: Snapshot, target: ComponentMap, activate: readonly string[]): Scene {
  const active = [...channels].filter(([, channel]) => channel.active).map(([name]) => name);
  return { live: components, target, active: new Set([...active, ...activate]) };
}

const channelsIn = (target: ComponentMap): readonly string[] =>
  componentsOf(target, 'MessagingChannel')
    .filter(({ root }) => (textAt(root, 'messagingChannelType') ?? 'EmbeddedMessaging') === 'EmbeddedMessaging')
    .map(({ fullName }) => fullName);

/** Activation is a field of the channel's record, not of its metadata. */
const activation = (name: string, active: boolean): Difference => ({
  component: `MessagingChannel:${name}`,
  action: 'update',
  path: 'isActive',
  from: String(!active),
  to: String(active),
});

const deletion = (component: Component): Difference => ({
  component: keyOf(component),
  action: 'delete',
  path: '',
  from: labelOf(component),
  to: null,
});
