import type { Desired, Outcome, Way } from '../model';
import { PATIENCE, type LockWish, type Patience, type Progress } from '../org';
import type { Planned } from './plan-fleet';
import type { Rollout } from './rollout';

/** One org of a rollout, and what is known of it as it goes on. */
export class OneRun {
  readonly planned: Planned;
  readonly rollout: Rollout;
  readonly desired: Desired;
  readonly patience: Patience;
  private readonly deployIds: string[] = [];
  /** Set as soon as something may be written to the org. */
  way: Way | undefined;

  constructor(planned: Planned, rollout: Rollout) {
    this.planned = planned;
    this.rollout = rollout;
    this.desired = planned.desired;
    this.patience = rollout.patience ?? PATIENCE;
  }

  /** Tells a step, and remembers the deployments. */
  readonly progress: Progress = (...step) => {
    const [name, detail] = step;
    if (name === 'submitted' && detail !== undefined) this.deployIds.push(detail);
    this.rollout.progress(this.desired.org.alias, ...step);
  };

  /** What its outcome says, however it ends. */
  readonly told = (): Pick<Outcome, 'changes' | 'checks' | 'deployIds'> => {
    const { changes, checks } = this.planned.outcome;
    return { changes, checks, deployIds: this.deployIds };
  };

  lock(home: string): LockWish {
    const { alias, orgId } = this.desired.org;
    return { alias, orgId, home, patience: this.patience.busy, waiting: (why) => this.progress('waiting', why) };
  }
}
