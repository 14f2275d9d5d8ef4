import type { Outcome } from '../model';
import type { Progress } from '../org';

/** How a fleet is deployed to. */
export interface Rollout {
  readonly apiVersion: string;
  /** Orgs at once inside a wave. */
  readonly concurrency: number;
  /** Whether deployments are published even where nothing changed. */
  readonly publishAll: boolean;
  /** Told of each step at each org. */
  readonly progress: (alias: string, ...step: Parameters<Progress>) => void;
  /** Told of each org that is through. */
  readonly done: (outcome: Outcome) => void;
}
