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
 * The way that a plan goes. It rests on what the plan changes and, for a plan that is kept, on what that depends on: what
 * it refers to, and what refers to it. Whether a channel is active counts for every channel of these.
 */
export function wayOf(plan: Plan, live: Snapshot, depending = false): Way {
  const changed = [...plan.bundle.keys(), ...plan.remove, ...[...plan.activate, ...plan.deactivate].map(channelKey)];
  const keys = [...new Set([...changed, ...(depending ? around(changed, plan, live) : [])])];
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

/** What components depend on, however far, and what depends on them. */
function around(changed: readonly ComponentKey[], { bundle }: Plan, live: Snapshot): readonly ComponentKey[] {
  const all = [...live.components.values(), ...bundle.values()];
  const links = all.flatMap((component) =>
    referencesOf(component).map(({ type, name }) => ({
      from: keyOf(component),
      to: `${type}:${name}` as ComponentKey,
    })),
  );
  const down = reach(changed, (key) => links.filter(({ from }) => from === key).map(({ to }) => to));
  const up = reach(changed, (key) => links.filter(({ to }) => to === key).map(({ from }) => from));
  return [...down, ...up].filter((key) => live.components.has(key) || bundle.has(key));
}

function reach(
  start: readonly ComponentKey[],
  next: (key: ComponentKey) => readonly ComponentKey[],
): Set<ComponentKey> {
  const seen = new Set(start);
  for (const key of seen) next(key).forEach((each) => seen.add(each));
  return seen;
}

/**
 * What of an org is neither as a way starts from it nor as the way leaves it, in words: somebody else changed that. Empty when
 * the way can be gone, or gone on with.
 */
export function movedFrom({ from, to }: Way, live: Snapshot): readonly string[] {
  const components = [...from.components].flatMap(([key, start]) => {
    const now = live.components.get(key) ?? null;
    const goal = to.components.get(key);
    const fine = isAt(now, start, from.sent) || (goal !== undefined && isAt(now, goal, to.sent));
    return fine ? [] : [`${key} ${moveOf(start, now)}`];
  });
  const channels = [...from.channels].flatMap(([name, start]) => {
    const now = live.channels.get(name)?.active === true;
    return now === start || now === to.channels.get(name)
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
