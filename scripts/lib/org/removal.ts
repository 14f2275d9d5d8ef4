import type { Component, ComponentKey, ComponentMap, Desired } from '../model';

/** What is taken out of an org: components as they are without it, and components that are deleted. */
export interface Removal {
  readonly kept: ComponentMap;
  readonly deleted: readonly ComponentKey[];
}

/**
 * An org as it should be when something is taken out of it, and whatever refers to that changes in the same deployment. Only for
 * steps that somebody takes on purpose: what plan and deploy make of a source never deletes.
 */
export function removalOf(
  { org, components }: Desired,
  { kept, deleted }: Removal,
  publish: readonly string[] = [],
): Desired {
  const gone = deleted.map((key): [ComponentKey, null] => [key, null]);
  const nothing = { components: new Map<ComponentKey, Component | null>(), channels: new Map(), sent: false };
  // Read from the org and exact: what is left out here goes.
  const to = { ...nothing, components: new Map([...kept, ...gone]) };
  return { org, components, way: { from: nothing, to, publish, over: true } };
}
