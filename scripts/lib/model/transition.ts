import type { Component, ComponentKey } from './component';

/** What counts of an org at one moment. */
export interface OrgState {
  /** By key; null for one that is not there. */
  readonly components: ReadonlyMap<ComponentKey, Component | null>;
  /** Whether a channel is active, by developer name. */
  readonly channels: ReadonlyMap<string, boolean>;
  /**
   * Whether this is what is sent, which Salesforce may complete with what it takes for defaults. Otherwise it was read from
   * the org, and is exact.
   */
  readonly partial: boolean;
}

/** The way of one org from one state to another, as a sealed plan and a rollback take it. */
export interface Transition {
  /** All that the way rests on: what it changes, and what that depends on. */
  readonly from: OrgState;
  /** Only what it changes. */
  readonly to: OrgState;
  /** Developer names of the deployments to publish. */
  readonly publish: readonly string[];
  /** Whether to go it although somebody changed the org since. */
  readonly ignoreConflicts?: boolean;
}

/** The way back: everything that a way changes, as it was before. Deployments that it made are gone then, so they are not published. */
export function invertTransition({ from, to, publish }: Transition): Transition {
  const components = new Map([...to.components.keys()].map((key) => [key, from.components.get(key) ?? null]));
  const channels = new Map([...to.channels.keys()].map((name) => [name, from.channels.get(name) ?? false]));
  const restored = [...components.values()].flatMap((each) =>
    each?.type === 'EmbeddedServiceConfig' ? [each.fullName] : [],
  );
  const names = [...new Set([...publish, ...restored])];
  return {
    from: to,
    to: { components, channels, partial: from.partial },
    publish: names.filter((name) => components.get(`EmbeddedServiceConfig:${name}`) !== null),
  };
}
