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
  type LiveState,
} from '../model';
import { diffComponents, labelOf } from './diff-components';
import { assessImpact } from './impact';
import type { ImpactContext } from './impact-context';

/** What would change in an org, and the components that carry the changes. */
export interface OrgDiff {
  readonly changes: readonly Change[];
  readonly toDeploy: ComponentMap;
  /** Components that are there and should not be. */
  readonly toDelete: readonly ComponentKey[];
  /** Channels that are active and should not be. */
  readonly deactivate: readonly string[];
  /** Channels that are not active and should be. */
  readonly activate: readonly string[];
}

/** What an org should be like beside its components. */
export interface ExactTarget {
  /** Which channels should be active or not, by name. */
  readonly active: ReadonlyMap<string, boolean>;
  /** Components that should not be there. */
  readonly absent: readonly ComponentKey[];
}

/**
 * Compares an org with what it should hold. `target` is the live components with our values laid over them; every channel
 * in it should be active, but for those that are named as `inactive`. Nothing is deleted or deactivated.
 */
export function diffOrg(live: LiveState, target: ComponentMap, inactive: readonly string[] = []): OrgDiff {
  const names = chatChannelsIn(target).filter((name) => !inactive.includes(name));
  return diffOrgExactly(live, target, { active: new Map(names.map((name) => [name, true])), absent: [] });
}

/** Compares an org with what it should hold, which channels should be active, and what should be gone. */
export function diffOrgExactly(live: LiveState, target: ComponentMap, { active, absent }: ExactTarget): OrgDiff {
  const deleted = absent.flatMap((key) => live.components.get(key) ?? []);
  const deletedChannels = new Set(
    deleted.filter(({ type }) => type === 'MessagingChannel').map(({ fullName }) => fullName),
  );
  const isActive = (name: string): boolean => live.channels.get(name)?.active === true;
  const activate = [...active]
    .filter(([name, shouldBeActive]) => shouldBeActive && !isActive(name))
    .map(([name]) => name);
  const deactivate = [...live.channels.keys()].filter(
    (name) => isActive(name) && (active.get(name) === false || deletedChannels.has(name)),
  );
  const context = impactContext(live, target, activate);
  const componentDifferences = diffComponents(live.components, target);
  const changedKeys = new Set(componentDifferences.map(({ component }) => component));
  const allDifferences = [
    ...deactivate.map((name) => activationDifference(name, false)),
    ...componentDifferences,
    ...deleted.map(deletionDifference),
    ...activate.map((name) => activationDifference(name, true)),
  ];
  return {
    changes: allDifferences.map((difference) => assessImpact(difference, context)),
    toDeploy: mapOf([...target.values()].filter((component) => changedKeys.has(keyOf(component)))),
    ...{ toDelete: deleted.map(keyOf), deactivate, activate },
  };
}

/** A channel that goes live with the same deploy has customers the moment after. */
function impactContext(
  { components, channels }: LiveState,
  target: ComponentMap,
  activate: readonly string[],
): ImpactContext {
  const active = [...channels].filter(([, channel]) => channel.active).map(([name]) => name);
  return { live: components, target, activeChannels: new Set([...active, ...activate]) };
}

const chatChannelsIn = (target: ComponentMap): readonly string[] =>
  componentsOf(target, 'MessagingChannel')
    .filter(({ root }) => (textAt(root, 'messagingChannelType') ?? 'EmbeddedMessaging') === 'EmbeddedMessaging')
    .map(({ fullName }) => fullName);

/** Activation is a field of the channel's record, not of its metadata. */
const activationDifference = (name: string, active: boolean): Difference => ({
  component: `MessagingChannel:${name}`,
  action: 'update',
  path: 'isActive',
  from: String(!active),
  to: String(active),
});

const deletionDifference = (component: Component): Difference => ({
  component: keyOf(component),
  action: 'delete',
  path: '',
  from: labelOf(component),
  to: null,
});
