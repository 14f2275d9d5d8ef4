import { diffOrgExactly, diffComponents, type OrgDiff } from '../plan';
import { replaceExactly, overlay } from '../metadata';
import {
  closeLists,
  parseKey,
  keyOf,
  mapOf,
  isWebDeployment,
  referencesOf,
  withOrgValues,
  type Component,
  type ComponentKey,
  type ComponentMap,
  type DesiredState,
  type Plan,
  type LiveState,
  type OrgState,
  type Transition,
  type TrustPolicy,
} from '../model';

/**
 * Merges a component into the live one: all of it, or with `partial` only the settings that it declares. The trust lists of a
 * component that is merged in part are complete: what isn't on them is revoked.
 */
const mergeComponent = (
  live: Component,
  target: Component,
  partial: boolean,
  revokeBy?: TrustPolicy['revokeBy'],
): Component => {
  const root = (partial ? overlay : replaceExactly)(live.root, withOrgValues(target, live).root);
  const merged = root === live.root ? live : { ...target, root };
  const policy = {
    isAccepted: () => false,
    isTrusted: () => true,
    revokeBy: revokeBy ?? 'removing',
  } as const;
  return partial ? closeLists(merged, target, policy) : merged;
};

/** The changes that remain between the live state and the end of a transition. Components are deployed as the transition has them. */
export function remainingChanges(live: LiveState, transition: Transition, revokeBy?: TrustPolicy['revokeBy']): OrgDiff {
  const { to } = transition;
  const components = endComponents(transition);
  const target = transitionTarget(live, transition, revokeBy);
  const absent = [...to.components].filter(([, component]) => component === null).map(([key]) => key);
  const diff = diffOrgExactly(live, target, { active: to.channels, absent });
  // Disabled items are in no file of the transition.
  if (revokeBy === 'disabling') return diff;
  // A Web chat deployment that was set up during the run has elements that the transition doesn't contain.
  const exactly = (merged: Component): Component =>
    isWebDeployment(merged) ? merged : (components.get(keyOf(merged)) ?? merged);
  return { ...diff, toDeploy: mapOf([...diff.toDeploy.values()].map(exactly)) };
}

const endComponents = ({ to }: Transition): ComponentMap =>
  mapOf([...to.components.values()].filter((component) => component !== null));

/** The components of the end of a transition as they are after it is applied. */
export const transitionTarget = (
  { components: live }: Pick<LiveState, 'components'>,
  transition: Transition,
  revokeBy?: TrustPolicy['revokeBy'],
): ComponentMap =>
  mapOf(
    [...endComponents(transition).values()].map((each) => targetComponent(live, each, transition.to.partial, revokeBy)),
  );

const targetComponent = (
  live: ComponentMap,
  component: Component,
  partial: boolean,
  revokeBy?: TrustPolicy['revokeBy'],
): Component => {
  const current = live.get(keyOf(component));
  return current ? mergeComponent(current, component, partial, revokeBy) : component;
};

/**
 * The transition of a plan. It starts from the live state of all components that the plan changes. With `declared` (for a saved
 * plan), it also includes those components, and the components that the changes depend on or that depend on them.
 */
export function transitionFor(plan: Plan, live: LiveState, declared?: readonly ComponentKey[]): Transition {
  const changed = [
    ...plan.toDeploy.keys(),
    ...plan.toDelete,
    ...[...plan.activate, ...plan.deactivate].map(channelKey),
  ];
  const all = [...live.components.values(), ...plan.toDeploy.values()];
  const keys = [...new Set([...changed, ...(declared ? [...withDependencies(changed, all), ...declared] : [])])];
  return {
    from: pickState(live, keys),
    to: {
      components: new Map([...plan.toDeploy, ...plan.toDelete.map((key): [ComponentKey, null] => [key, null])]),
      channels: new Map([
        ...plan.activate.map((name): [string, boolean] => [name, true]),
        ...plan.deactivate.map((name): [string, boolean] => [name, false]),
      ]),
      partial: true,
    },
    publish: plan.publish,
    tests: plan.tests ?? [],
  };
}

const channelKey = (name: string): ComponentKey => `MessagingChannel:${name}`;

/** The live state of these components and channels. */
function pickState({ components, channels }: LiveState, keys: readonly ComponentKey[]): OrgState {
  const names = keys
    .map(parseKey)
    .filter(({ type }) => type === 'MessagingChannel')
    .map(({ fullName }) => fullName);
  return {
    components: new Map(keys.map((key) => [key, components.get(key) ?? null])),
    channels: new Map(names.map((name) => [name, channels.get(name)?.active === true])),
    partial: false,
  };
}

/** The transition with the live state as its end. */
export const withFinalState = (transition: Transition, live: LiveState): Transition => {
  const finalState = pickState(live, [...transition.to.components.keys()]);
  return { ...transition, to: { ...finalState, channels: transition.to.channels } };
};

/** Whether an org has every component of the end of a transition. A deploy is one transaction, so it's complete then. */
export const isApplied = ({ to }: Transition, live: LiveState): boolean =>
  [...to.components].every(([key, target]) => matchesState(live.components.get(key) ?? null, target, to.partial));

/** A removal: the kept components as they are without the removed settings, and the keys of the components to delete. */
export interface Removal {
  readonly kept: ComponentMap;
  readonly deleted: readonly ComponentKey[];
}

/**
 * The desired state of an org after a removal, as one transition. Components that refer to a deleted one change in the same
 * deploy. Only for explicit steps, such as a rotation: a plan of the source never deletes.
 */
export function withRemoval(
  { org, components, compromised }: DesiredState,
  { kept, deleted }: Removal,
  publish: readonly string[] = [],
): DesiredState {
  const deletions = deleted.map((key): [ComponentKey, null] => [key, null]);
  const emptyState = { components: new Map<ComponentKey, Component | null>(), channels: new Map(), partial: false };
  // Exact, not partial: settings that a kept component doesn't contain are removed.
  const to = { ...emptyState, components: new Map([...kept, ...deletions]) };
  return { org, components, compromised, transition: { from: emptyState, to, publish, ignoreConflicts: true } };
}

/** The changed components with all their direct and indirect dependencies and dependents. */
function withDependencies(changed: readonly ComponentKey[], all: readonly Component[]): ReadonlySet<ComponentKey> {
  const links = all.flatMap((component) =>
    referencesOf(component).map(({ type, name }) => ({ from: keyOf(component), to: `${type}:${name}` })),
  );
  const known = new Set(all.map(keyOf));
  const dependencies = reachableFrom(changed, (key) => links.filter(({ from }) => from === key).map(({ to }) => to));
  const dependents = reachableFrom(changed, (key) => links.filter(({ to }) => to === key).map(({ from }) => from));
  return new Set([...changed, ...[...known].filter((key) => dependencies.has(key) || dependents.has(key))]);
}

function reachableFrom(start: readonly string[], next: (key: string) => readonly string[]): ReadonlySet<string> {
  const visited = new Set(start);
  for (const key of visited) next(key).forEach((each) => visited.add(each));
  return visited;
}

/**
 * Describes each setting that a transition changes or depends on, and that has neither its start value nor its end value in the
 * org: it was changed by someone else. Empty if the transition can be applied or resumed.
 */
export function findConflicts({ from, to }: Transition, live: LiveState): readonly string[] {
  const relevant = withDependencies(
    [...to.components.keys(), ...[...to.channels.keys()].map(channelKey)],
    [...from.components.values(), ...to.components.values()].filter((each) => each !== null),
  );
  const components = [...from.components].flatMap(([key, start]) => {
    if (!relevant.has(key)) return [];
    const now = live.components.get(key) ?? null;
    const target = to.components.get(key);
    const isExpected =
      matchesState(now, start, from.partial) ||
      (target !== undefined && (matchesState(now, target, to.partial) || isBeingSetUp(start, target)));
    return isExpected ? [] : [`${key} ${describeConflict(start, now)}`];
  });
  const channels = [...from.channels].flatMap(([name, start]) => {
    const now = live.channels.get(name)?.active === true;
    return !relevant.has(channelKey(name)) || now === start || now === to.channels.get(name)
      ? []
      : [`${channelKey(name)} isActive: ${String(start)} -> ${String(now)}`];
  });
  return [...components, ...channels];
}

/** Whether a transition sets a chat deployment up. An interrupted run can leave it without its settings. */
const isBeingSetUp = (start: Component | null, target: Component | null): boolean =>
  start === null && target !== null && isWebDeployment(target);

const matchesState = (now: Component | null, target: Component | null, partial: boolean): boolean =>
  now === null || target === null ? now === target : mergeComponent(now, target, partial) === now;

function describeConflict(start: Component | null, now: Component | null): string {
  if (!start) return 'was added';
  if (!now) return 'was deleted';
  const target = { ...now, root: replaceExactly(start.root, now.root) };
  const changes = diffComponents(mapOf([start]), mapOf([target]));
  return changes.map(({ path, from, to }) => `${path}: ${from ?? '(not set)'} -> ${to ?? '(not set)'}`).join(', ');
}
