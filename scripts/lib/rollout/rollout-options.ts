import type { OrgResult, Plan, Transition } from '../model';
import type { Timeouts, ReportStep } from '../org';
import type { PlannedOrg } from './plan-fleet';

/** How a fleet is deployed to. */
export interface RolloutOptions {
  readonly apiVersion: string;
  /** Orgs at once inside a wave. */
  readonly concurrency: number;
  /** How many orgs may fail before the waves after them are skipped; 0 unless stated. */
  readonly maxFailures?: number;
  /** Milliseconds between two waves. */
  readonly waveDelay?: number;
  readonly timeouts?: Timeouts;
  /** Whether deployments are published even where nothing changed. */
  readonly publishAll: boolean;
  /** Deployments to publish whatever the plan says, by org: an earlier run may have stopped before it did. */
  readonly pendingPublishes?: ReadonlyMap<string, readonly string[]>;
  /** Whether an org that was changed and does not come through is brought back at once. */
  readonly rollBackOnFailure?: boolean;
  /** Whether no wave waits for another one. */
  readonly ignoreWaves?: boolean;
  /**
   * Keeps what an org held before anything is sent to it, and what it was read to hold after; on disk when it returns. The way
   * that comes back starts where the run first touched the org.
   */
  readonly saveSnapshot: (plan: Plan, way: Transition) => Transition;
  /** Looks whether an org that came through does what it is for, and adds that to its outcome; without it, nobody looks. */
  readonly verify?: (planned: PlannedOrg, outcome: OrgResult) => Promise<OrgResult>;
  /** Told of each step at each org. */
  readonly onStep: (alias: string, ...step: Parameters<ReportStep>) => void;
  /** Told of each org that is through. */
  readonly onResult: (outcome: OrgResult) => void;
}
