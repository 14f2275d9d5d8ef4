import type { PlannedOrg } from './plan-fleet';
import type { RunHeader } from './read-journal';
import type { Finding } from '../model';
import type { Sf } from '../org';

/** A planned fleet. */
export interface PlannedFleet {
  readonly sf: Sf;
  readonly apiVersion: string;
  /** The source of the plans. */
  readonly from: RunHeader['from'];
  /** The creation time of the saved plan, which identifies it. */
  readonly planCreatedAt?: string;
  /** Whether the project has no errors. Otherwise no org was contacted. */
  readonly valid: boolean;
  readonly fleet: readonly PlannedOrg[];
  readonly findings: readonly Finding[];
}
