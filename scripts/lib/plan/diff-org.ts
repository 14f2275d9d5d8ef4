import {
  componentsOf,
  isEnhancedChat,
  keyOf,
  mapOf,
  type Change,
  type Component,
  type ComponentKey,
  type ComponentMap,
  type Difference,
  type LiveState,
  type Retirement,
} from '../model';
import { diffComponents, labelOf } from './diff-components';
import { assessImpact } from './impact';
import type { ImpactContext } from './impact-context';

/** The changes of an org, and the components to deploy and delete. */
export interface OrgDiff {
  readonly changes: readonly Change[];
  readonly toDeploy: ComponentMap;
  /** Components in the org that the target doesn't contain. */
  readonly toDelete: readonly ComponentKey[];
  /** Active channels to deactivate. */
  readonly deactivate: readonly string[];
  /** Inactive channels to activate. */
  readonly activate: readonly string[];
}

/** The part of a target state that components can't express. */
export interface ExactTarget {
  /** Whether each channel should be active, by developer name. */
  readonly active: ReadonlyMap<string, boolean>;
  /** Components to delete if the org has them. */
  readonly absent: readonly ComponentKey[];
}

/**
 * Compares an org with its desired state. `target` results from merging declared values into the live components. Every
 * channel in it should be active, except those in `inactive`. Only what is retired is deactivated and deleted.
 */
export function diffOrg(
  live: LiveState,
  target: ComponentMap,
  inactive: readonly string[] = [],
  retired: Pick<Retirement, 'inactive' | 'absent'> = { inactive: [], absent: [] },
): OrgDiff {
  const inactiveNames = new Set(inactive);
  const names = chatChannelsIn(target).filter((name) => !inactiveNames.has(name));
  const active = new Map([
    ...names.map((name) => [name, true] as const),
    ...retired.inactive.map((name) => [name, false] as const),
  ]);
  return diffOrgExactly(live, target, { active, absent: retired.absent });
}

/** Compares an org with an exact target: components, active and inactive channels, and components to delete. */
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
    toDelete: deleted.map(keyOf),
    deactivate,
    activate,
  };
}

/** A channel that the same deploy activates counts as active, because customers can chat on it right after the deploy. */
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
    .filter(isEnhancedChat)
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
