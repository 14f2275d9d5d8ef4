import type { Desired, Outcome, Way } from '../model';
import { PATIENCE, type LockWish, type Patience, type Progress, type Step } from '../org';
import type { Planned } from './plan-fleet';
import type { Rollout } from './rollout';

/** Steps after which the org may no longer hold what it held, and those after which a submission is over. */
const WRITES: readonly Step[] = ['deactivating', 'submitted', 'activating', 'publishing'];
const OVER: readonly Step[] = ['deployed', 'refused', 'not sent'];

/** One org of a rollout, and what is known of it as it goes on. */
export class OneRun {
  readonly planned: Planned;
  readonly rollout: Rollout;
  readonly desired: Desired;
  readonly patience: Patience;
  private readonly deployIds: string[] = [];
  /** Set as soon as something may be written to the org. */
  way: Way | undefined;
  /** Whether something may have been written to it. */
  written = false;
  /** Whether a deployment may still go on. */
  underWay = false;

  constructor(planned: Planned, rollout: Rollout) {
    this.planned = planned;
    this.rollout = rollout;
    this.desired = planned.desired;
    this.patience = rollout.patience ?? PATIENCE;
  }

  /** Tells a step, and remembers what it means: also when it cannot be told, such as to a disk that is full. */
  readonly progress: Progress = (...step) => {
    const [name, detail] = step;
    if (name === 'submitted' && detail !== undefined) this.deployIds.push(detail);
    if (OVER.includes(name)) this.underWay = false;
    if (WRITES.includes(name)) this.written = true;
    this.rollout.progress(this.desired.org.alias, ...step);
    if (name === 'deploying') this.underWay = true;
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
