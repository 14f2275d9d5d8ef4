import { compareExactly, differences, type Comparison } from '../diff';
import { exactly, overlay } from '../metadata';
import {
  keyOf,
  mapOf,
  referencesOf,
  type Component,
  type ComponentKey,
  type ComponentMap,
  type Plan,
  type Snapshot,
  type State,
  type Way,
} from '../model';

/** A component laid over the live one: whole where it was read, else the settings that it states. */
export const laidTo = (live: Component, wanted: Component, sent: boolean): Component => {
  const root = (sent ? overlay : exactly)(live.root, wanted.root);
  return root === live.root ? live : { ...wanted, root };
};

/** What is left of a way, from what the org holds. What is sent is the component of the way, whole and as it stands. */
export function compareWay(live: Snapshot, { to }: Way): Comparison {
  const wanted = mapOf([...to.components.values()].filter((component) => component !== null));
  const target = mapOf([...wanted.values()].map((component) => reached(live.components, component, to.sent)));
  const absent = [...to.components].filter(([, component]) => component === null).map(([key]) => key);
  const found = compareExactly(live, target, { active: to.channels, absent });
  return { ...found, bundle: mapOf([...found.bundle.keys()].flatMap((key) => wanted.get(key) ?? [])) };
}

const reached = (live: ComponentMap, component: Component, sent: boolean): Component => {
  const before = live.get(keyOf(component));
  return before ? laidTo(before, component, sent) : component;
};

/**
 * The way that a plan goes. It starts from what the plan changes; for a plan that is kept, also from all that is stated of the org
 * and from what the changes depend on: what they refer to, and what refers to them.
 */
export function wayOf(plan: Plan, live: Snapshot, stated?: readonly ComponentKey[]): Way {
  const changed = [...plan.bundle.keys(), ...plan.remove, ...[...plan.activate, ...plan.deactivate].map(channelKey)];
  const all = [...live.components.values(), ...plan.bundle.values()];
  const keys = [...new Set([...changed, ...(stated ? [...around(changed, all), ...stated] : [])])];
  return {
    from: stateOf(live, keys),
    to: {
      components: new Map([...plan.bundle, ...plan.remove.map((key): [ComponentKey, null] => [key, null])]),
      channels: new Map([
        ...plan.activate.map((name): [string, boolean] => [name, true]),
        ...plan.deactivate.map((name): [string, boolean] => [name, false]),
      ]),
      sent: true,
    },
    publish: plan.publish,
  };
}

const channelKey = (name: string): ComponentKey => `MessagingChannel:${name}`;

/** These components and channels, as an org holds them. */
export function stateOf({ components, channels }: Snapshot, keys: readonly ComponentKey[]): State {
  const names = keys.filter((key) => key.startsWith('MessagingChannel:')).map((key) => key.slice(key.indexOf(':') + 1));
  return {
    components: new Map(keys.map((key) => [key, components.get(key) ?? null])),
    channels: new Map(names.map((name) => [name, channels.get(name)?.active === true])),
    sent: false,
  };
}

/** The same way with what the org was read to hold at its end. */
export const arrived = (way: Way, live: Snapshot): Way => {
  const read = stateOf(live, [...way.to.components.keys()]);
  return { ...way, to: { ...read, channels: way.to.channels } };
};

/** Whether an org holds every component as a way leaves it. A deployment is one transaction, so it is through then. */
export const isArrived = ({ to }: Way, live: Snapshot): boolean =>
  [...to.components].every(([key, wanted]) => isAt(live.components.get(key) ?? null, wanted, to.sent));

/** What components depend on, however far, and what depends on them, among all there are. */
function around(changed: readonly ComponentKey[], all: readonly Component[]): ReadonlySet<ComponentKey> {
  const links = all.flatMap((component) =>
    referencesOf(component).map(({ type, name }) => ({ from: keyOf(component), to: `${type}:${name}` })),
  );
  const known = new Set(all.map(keyOf));
  const down = reach(changed, (key) => links.filter(({ from }) => from === key).map(({ to }) => to));
  const up = reach(changed, (key) => links.filter(({ to }) => to === key).map(({ from }) => from));
  return new Set([...changed, ...[...known].filter((key) => down.has(key) || up.has(key))]);
}

function reach(start: readonly string[], next: (key: string) => readonly string[]): ReadonlySet<string> {
  const seen = new Set(start);
  for (const key of seen) next(key).forEach((each) => seen.add(each));
  return seen;
}

/**
 * What a way changes or depends on and is neither as the way starts from it nor as the way leaves it, in words: somebody else
 * changed that. Empty when the way can be gone, or gone on with.
 */
export function movedFrom({ from, to }: Way, live: Snapshot): readonly string[] {
  const counts = around(
    [...to.components.keys(), ...[...to.channels.keys()].map(channelKey)],
    [...from.components.values(), ...to.components.values()].filter((each) => each !== null),
  );
  const components = [...from.components].flatMap(([key, start]) => {
    if (!counts.has(key)) return [];
    const now = live.components.get(key) ?? null;
    const goal = to.components.get(key);
    const fine = isAt(now, start, from.sent) || (goal !== undefined && isAt(now, goal, to.sent));
    return fine ? [] : [`${key} ${moveOf(start, now)}`];
  });
  const channels = [...from.channels].flatMap(([name, start]) => {
    const now = live.channels.get(name)?.active === true;
    return !counts.has(channelKey(name)) || now === start || now === to.channels.get(name)
      ? []
      : [`${channelKey(name)} isActive: ${String(start)} -> ${String(now)}`];
  });
  return [...components, ...channels];
}

const isAt = (now: Component | null, wanted: Component | null, sent: boolean): boolean =>
  now === null || wanted === null ? now === wanted : laidTo(now, wanted, sent) === now;

function moveOf(start: Component | null, now: Component | null): string {
  if (!start) return 'is there now';
  if (!now) return 'is gone';
  const target = { ...now, root: exactly(start.root, now.root) };
  const found = differences(mapOf([start]), mapOf([target]));
  return found.map(({ path, from, to }) => `${path}: ${from ?? '(not set)'} -> ${to ?? '(not set)'}`).join(', ');
}
