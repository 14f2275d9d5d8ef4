import type { Component, ComponentKey, ComponentMap } from './component';

/** The state of the managed components and channels of an org at one moment. */
export interface OrgState {
  /** Components by key; null if the org lacks the component. */
  readonly components: ReadonlyMap<ComponentKey, Component | null>;
  /** Whether a channel is active, by developer name. */
  readonly channels: ReadonlyMap<string, boolean>;
  /**
   * Whether the components are the deployed ones, to which Salesforce may add default values. Otherwise they were read from
   * the org and are exact.
   */
  readonly partial: boolean;
}

/** The trust of an org when a run ended. Components contain only their trust settings. */
export interface TrustRecord {
  readonly recordedAt: Date;
  readonly components: ComponentMap;
  /** Whether each channel was active, by developer name. */
  readonly channels: ReadonlyMap<string, boolean>;
}

/** The transition of one org from one state to another. Saved plans and rollbacks apply it exactly. */
export interface Transition {
  /** The start state of all changed components and their dependencies. */
  readonly from: OrgState;
  /** The end state of the changed components only. */
  readonly to: OrgState;
  /** Developer names of the chat deployments to publish. */
  readonly publish: readonly string[];
  /** For a run: what the run before it left in the org. Absent if no run recorded that. */
  readonly trustBefore?: TrustRecord;
  /** Names of the Apex test classes that a deploy job with Apex runs. */
  readonly tests?: readonly string[];
  /** Whether to apply the transition even if the org changed after `from` was read. */
  readonly ignoreConflicts?: boolean;
}

/** The reverse transition, for a rollback. It deletes chat deployments that the transition created, so it doesn't publish them. */
export function invertTransition({ from, to, publish, trustBefore, tests = [] }: Transition): Transition {
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
    tests,
    ...(trustBefore && { trustBefore }),
  };
}
