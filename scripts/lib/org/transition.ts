import { diffOrgExactly, diffComponents, type OrgDiff } from '../plan';
import { replaceExactly, overlay } from '../metadata';
import {
  keyOf,
  mapOf,
  referencesOf,
  type Component,
  type ComponentKey,
  type ComponentMap,
  type Plan,
  type LiveState,
  type OrgState,
  type Transition,
} from '../model';

/** A component laid over the live one: whole where it was read, else the settings that it states. */
export const mergeComponent = (live: Component, target: Component, partial: boolean): Component => {
  const root = (partial ? overlay : replaceExactly)(live.root, target.root);
  return root === live.root ? live : { ...target, root };
};

/** What is left of a way, from what the org holds. What is sent is the component of the way, whole and as it stands. */
export function remainingChanges(live: LiveState, { to }: Transition): OrgDiff {
  const wanted = mapOf([...to.components.values()].filter((component) => component !== null));
  const target = mapOf(
    [...wanted.values()].map((component) => targetComponent(live.components, component, to.partial)),
  );
  const absent = [...to.components].filter(([, component]) => component === null).map(([key]) => key);
  const comparison = diffOrgExactly(live, target, { active: to.channels, absent });
  return { ...comparison, toDeploy: mapOf([...comparison.toDeploy.keys()].flatMap((key) => wanted.get(key) ?? [])) };
}

const targetComponent = (live: ComponentMap, component: Component, partial: boolean): Component => {
  const current = live.get(keyOf(component));
  return current ? mergeComponent(current, component, partial) : component;
};

/**
 * The way that a plan goes. It starts from what the plan changes; for a plan that is kept, also from all that is stated of the org
 * and from what the changes depend on: what they refer to, and what refers to them.
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
  };
}

const channelKey = (name: string): ComponentKey => `MessagingChannel:${name}`;

/** These components and channels, as an org holds them. */
export function pickState({ components, channels }: LiveState, keys: readonly ComponentKey[]): OrgState {
  const names = keys.filter((key) => key.startsWith('MessagingChannel:')).map((key) => key.slice(key.indexOf(':') + 1));
  return {
    components: new Map(keys.map((key) => [key, components.get(key) ?? null])),
    channels: new Map(names.map((name) => [name, channels.get(name)?.active === true])),
    partial: false,
  };
}

/** The same way with what the org was read to hold at its end. */
export const withFinalState = (transition: Transition, live: LiveState): Transition => {
  const finalState = pickState(live, [...transition.to.components.keys()]);
  return { ...transition, to: { ...finalState, channels: transition.to.channels } };
};

/** Whether an org holds every component as a way leaves it. A deployment is one transaction, so it is through then. */
export const isApplied = ({ to }: Transition, live: LiveState): boolean =>
  [...to.components].every(([key, wanted]) => matchesState(live.components.get(key) ?? null, wanted, to.partial));

/** What components depend on, however far, and what depends on them, among all there are. */
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
 * What a way changes or depends on and is neither as the way starts from it nor as the way leaves it, in words: somebody else
 * changed that. Empty when the way can be gone, or gone on with.
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
      matchesState(now, start, from.partial) || (target !== undefined && matchesState(now, target, to.partial));
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

const matchesState = (now: Component | null, target: Component | null, partial: boolean): boolean =>
  now === null || target === null ? now === target : mergeComponent(now, target, partial) === now;

function describeConflict(start: Component | null, now: Component | null): string {
  if (!start) return 'is there now';
  if (!now) return 'is gone';
  const target = { ...now, root: replaceExactly(start.root, now.root) };
  const changes = diffComponents(mapOf([start]), mapOf([target]));
  return changes.map(({ path, from, to }) => `${path}: ${from ?? '(not set)'} -> ${to ?? '(not set)'}`).join(', ');
}
