import type { Outcome, Plan, Way } from '../model';
import type { Patience, Progress } from '../org';
import type { Planned } from './plan-fleet';

/** How a fleet is deployed to. */
export interface Rollout {
  readonly apiVersion: string;
  /** Orgs at once inside a wave. */
  readonly concurrency: number;
  /** How many orgs may fail before the waves after them are skipped; 0 unless stated. */
  readonly maxFailures?: number;
  /** Milliseconds between two waves. */
  readonly pauseBetween?: number;
  readonly patience?: Patience;
  /** Whether deployments are published even where nothing changed. */
  readonly publishAll: boolean;
  /** Deployments to publish whatever the plan says, by org: an earlier run may have stopped before it did. */
  readonly unpublished?: ReadonlyMap<string, readonly string[]>;
  /** Whether an org that was changed and does not come through is brought back at once. */
  readonly rollBack?: boolean;
  /** Whether no wave waits for another one. */
  readonly atOnce?: boolean;
  /**
   * Keeps what an org held before anything is sent to it, and what it was read to hold after; on disk when it returns. The way
   * that comes back starts where the run first touched the org.
   */
  readonly keep: (plan: Plan, way: Way) => Way;
  /** Looks whether an org that came through does what it is for, and adds that to its outcome; without it, nobody looks. */
  readonly prove?: (planned: Planned, outcome: Outcome) => Promise<Outcome>;
  /** Told of each step at each org. */
  readonly progress: (alias: string, ...step: Parameters<Progress>) => void;
  /** Told of each org that is through. */
  readonly done: (outcome: Outcome) => void;
}
