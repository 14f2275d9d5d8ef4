import {
  componentsOf,
  keyOf,
  mapOf,
  textAt,
  type Change,
  type ComponentMap,
  type Difference,
  type Snapshot,
} from '../model';
import { differences } from './compare';
import { judge } from './impact';
import type { Scene } from './trust';

/** What would change in an org, and the components that carry the changes. */
export interface Comparison {
  readonly changes: readonly Change[];
  readonly bundle: ComponentMap;
  /** Channels that are not active and should be. */
  readonly activate: readonly string[];
}

/**
 * Compares an org with what it should hold. `target` is the live components with our values laid over them; every channel
 * in it should be active, but for those that are named as `inactive`.
 */
export function compare(live: Snapshot, target: ComponentMap, inactive: readonly string[] = []): Comparison {
  const active = new Set([...live.channels].filter(([, channel]) => channel.active).map(([name]) => name));
  const activate = channelsIn(target).filter((name) => !active.has(name) && !inactive.includes(name));
  // A channel that goes live with the same deploy has customers the moment after.
  const scene: Scene = { live: live.components, target, active: new Set([...active, ...activate]) };
  const found = differences(live.components, target);
  const changed = new Set(found.map(({ component }) => component));
  return {
    changes: [...found, ...activate.map(activation)].map((difference) => judge(difference, scene)),
    bundle: mapOf([...target.values()].filter((component) => changed.has(keyOf(component)))),
    activate,
  };
}

const channelsIn = (target: ComponentMap): readonly string[] =>
  componentsOf(target, 'MessagingChannel')
    .filter(({ root }) => (textAt(root, 'messagingChannelType') ?? 'EmbeddedMessaging') === 'EmbeddedMessaging')
    .map(({ fullName }) => fullName);

/** Activation is a field of the channel's record, not of its metadata. */
const activation = (name: string): Difference => ({
  component: `MessagingChannel:${name}`,
  action: 'update',
  path: 'isActive',
  from: 'false',
  to: 'true',
});
