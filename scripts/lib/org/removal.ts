import type { Component, ComponentKey, ComponentMap, DesiredState } from '../model';

/** What is taken out of an org: components as they are without it, and components that are deleted. */
export interface Removal {
  readonly kept: ComponentMap;
  readonly deleted: readonly ComponentKey[];
}

/**
 * An org as it should be when something is taken out of it, and whatever refers to that changes in the same deployment. Only for
 * steps that somebody takes on purpose: what plan and deploy make of a source never deletes.
 */
export function withRemoval(
  { org, components }: DesiredState,
  { kept, deleted }: Removal,
  publish: readonly string[] = [],
): DesiredState {
  const deletions = deleted.map((key): [ComponentKey, null] => [key, null]);
  const emptyState = { components: new Map<ComponentKey, Component | null>(), channels: new Map(), partial: false };
  // Read from the org and exact: what is left out here goes.
  const to = { ...emptyState, components: new Map([...kept, ...deletions]) };
  return { org, components, transition: { from: emptyState, to, publish, ignoreConflicts: true } };
}
