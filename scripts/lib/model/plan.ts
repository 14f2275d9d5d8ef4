import type { ComponentKey, ComponentMap } from './component';
import type { OrgConfig, OrgFacts, OrgKind } from './org';

/** What a change means for customers who are chatting now: nothing, something they may notice, or something that breaks. */
export type Impact = 'none' | 'visible' | 'disruptive';

/** What a change means, in words. */
export interface ImpactAssessment {
  readonly impact: Impact;
  /** A full sentence, or empty when there is nothing to say. */
  readonly effect: string;
}

/** One setting that differs between the org and what it should hold. */
export interface Difference {
  readonly component: ComponentKey;
  readonly action: 'create' | 'update' | 'delete';
  /** Dotted path; items of a keyed list as `messagingAuthorizations[Customer]`; empty for a component as a whole. */
  readonly path: string;
  readonly from: string | null;
  readonly to: string | null;
}

/** A difference with what it does to live customers. */
export interface Change extends Difference, ImpactAssessment {}

/** What one org holds at one moment. */
export interface LiveState {
  readonly facts: OrgFacts;
  readonly components: ComponentMap;
  /** Whether each Enhanced Chat channel is active, with its record id, by developer name. */
  readonly channels: ReadonlyMap<string, { readonly id: string; readonly active: boolean }>;
}

/** Everything that a deployment would do to one org. */
export interface Plan {
  readonly org: OrgConfig;
  readonly facts: OrgFacts;
  readonly changes: readonly Change[];
  /** The components to deploy: the live ones with our values laid over them. */
  readonly toDeploy: ComponentMap;
  /** Components to delete; only a way back has any. */
  readonly toDelete: readonly ComponentKey[];
  /** Developer names of the channels to deactivate, before anything is deployed; only a way back has any. */
  readonly deactivate: readonly string[];
  /** Developer names of the channels to activate. */
  readonly activate: readonly string[];
  /** Developer names of the deployments to publish. */
  readonly publish: readonly string[];
}

/** How one org came out of a command. */
export type OrgStatus = 'unchanged' | 'planned' | 'changed' | 'failed' | 'skipped' | 'unreachable' | 'unknown';

/** An error as data: what, why and the fix, under a stable code. */
export interface ErrorDetails {
  readonly code: string;
  readonly what: string;
  readonly why: string;
  readonly fix: string;
}

/** One thing that was verified of an org, e.g. its permissions. */
export interface Check {
  readonly name: string;
  /** Whether it was shown to be so; what was not proven is not ok. */
  readonly ok: boolean;
  readonly detail: string;
  /** Tells "not ok" apart: shown to be otherwise, or not shown at all. Absent where a check is always one or the other. */
  readonly state?: CheckState;
  /** Of a proof: the part it belongs to, e.g. `refusal`, and the channel that it is about. */
  readonly part?: string;
  readonly channel?: string;
}

export type CheckState = 'passed' | 'failed' | 'inconclusive';

/** What became of one org. */
export interface OrgResult {
  readonly alias: string;
  readonly orgId: string;
  readonly kind: OrgKind;
  readonly wave: number;
  readonly status: OrgStatus;
  readonly changes: readonly Change[];
  readonly deployIds: readonly string[];
  readonly checks: readonly Check[];
  readonly error?: ErrorDetails;
}

export const isDisruptive = (change: Change): boolean => change.impact === 'disruptive';
