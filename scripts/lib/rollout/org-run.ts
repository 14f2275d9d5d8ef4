import type { DesiredState, OrgResult, Transition } from '../model';
import { DEFAULT_TIMEOUTS, type LockOptions, type Timeouts, type ReportStep, type ApplyStep } from '../org';
import type { PlannedOrg } from './plan-fleet';
import type { RolloutOptions } from './rollout-options';

/** Steps after which the org may no longer hold what it held, and those after which a submission is over. */
const WRITE_STEPS: readonly ApplyStep[] = ['deactivating', 'submitted', 'activating', 'publishing'];
const SETTLED_STEPS: readonly ApplyStep[] = ['deployed', 'rejected', 'not submitted'];

/** One org of a rollout, and what is known of it as it goes on. */
export class OrgRun {
  readonly planned: PlannedOrg;
  readonly options: RolloutOptions;
  readonly desired: DesiredState;
  readonly timeouts: Timeouts;
  private readonly deployIds: string[] = [];
  /** Set as soon as something may be written to the org. */
  transition: Transition | undefined;
  /** Whether something may have been written to it. */
  written = false;
  /** Whether a deployment may still go on. */
  jobPending = false;

  constructor(planned: PlannedOrg, rollout: RolloutOptions) {
    this.planned = planned;
    this.options = rollout;
    this.desired = planned.desired;
    this.timeouts = rollout.timeouts ?? DEFAULT_TIMEOUTS;
  }

  /** Tells a step, and remembers what it means: also when it cannot be told, such as to a disk that is full. */
  readonly reportStep: ReportStep = (...step) => {
    const [name, detail] = step;
    if (name === 'submitted' && detail !== undefined) this.deployIds.push(detail);
    if (SETTLED_STEPS.includes(name)) this.jobPending = false;
    if (WRITE_STEPS.includes(name)) this.written = true;
    this.options.onStep(this.desired.org.alias, ...step);
    if (name === 'deploying') this.jobPending = true;
  };

  /** What its outcome says, however it ends. */
  readonly partialResult = (): Pick<OrgResult, 'changes' | 'checks' | 'deployIds'> => {
    const { changes, checks } = this.planned.result;
    return { changes, checks, deployIds: this.deployIds };
  };

  lockOptions(home: string): LockOptions {
    const { alias, orgId } = this.desired.org;
    return { alias, orgId, home, timeout: this.timeouts.lock, onWait: (why) => this.reportStep('waiting', why) };
  }
}
