import { keyOf, mapOf, type Change, type ComponentMap, type Difference, type Snapshot } from '../model';
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
 * in it should be active.
 */
export function compare(live: Snapshot, target: ComponentMap): Comparison {
  const active = [...live.channels].filter(([, channel]) => channel.active).map(([name]) => name);
  const scene: Scene = { live: live.components, target, active: new Set(active) };
  const found = differences(live.components, target);
  const changed = new Set(found.map(({ component }) => component));
  const activate = inactiveChannels(target, scene);
  return {
    changes: [...found, ...activate.map(activation)].map((difference) => judge(difference, scene)),
    bundle: mapOf([...target.values()].filter((component) => changed.has(keyOf(component)))),
    activate,
  };
}

const inactiveChannels = (target: ComponentMap, { active }: Scene): readonly string[] =>
  [...target.values()]
    .filter(({ type, fullName }) => type === 'MessagingChannel' && !active.has(fullName))
    .map(({ fullName }) => fullName);

/** Activation is a field of the channel's record, not of its metadata. */
const activation = (name: string): Difference => ({
  component: `MessagingChannel:${name}`,
  action: 'update',
  path: 'isActive',
  from: 'false',
  to: 'true',
});
