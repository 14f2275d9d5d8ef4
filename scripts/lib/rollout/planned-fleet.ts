import type { PlannedOrg } from './plan-fleet';
import type { RunHeader } from './write-journal';
import type { Finding } from '../model';
import type { Sf } from '../org';

/** A fleet that was planned, whatever the plans were made from. */
export interface PlannedFleet {
  readonly sf: Sf;
  readonly apiVersion: string;
  /** What the plans were made from. */
  readonly from: RunHeader['from'];
  /** When the sealed plan was made, which names it. */
  readonly sealed?: string;
  /** Whether everything was fit to contact the orgs. */
  readonly valid: boolean;
  readonly fleet: readonly PlannedOrg[];
  readonly findings: readonly Finding[];
}
