import type { DesiredState, OrgResult, Transition } from '../model';
import { DEFAULT_TIMEOUTS, type LockOptions, type Timeouts, type ReportStep, type ApplyStep } from '../org';
import type { PlannedOrg } from './plan-fleet';
import type { RolloutOptions } from './rollout-options';

/** Steps that may change the org. */
const WRITE_STEPS: readonly ApplyStep[] = ['deactivating', 'submitted', 'activating', 'publishing'];
/** Steps after which no deploy job of ours is running. */
const SETTLED_STEPS: readonly ApplyStep[] = ['deployed', 'rejected', 'not submitted'];

/** The state of one org during a rollout. */
export class OrgRun {
  readonly planned: PlannedOrg;
  readonly options: RolloutOptions;
  readonly desired: DesiredState;
  readonly timeouts: Timeouts;
  private readonly deployIds: string[] = [];
  /** Set before anything is sent to the org. */
  transition: Transition | undefined;
  /** Whether the org may have been changed. */
  written = false;
  /** Whether a deploy job of this run may still be running. */
  jobPending = false;

  constructor(planned: PlannedOrg, options: RolloutOptions) {
    this.planned = planned;
    this.options = options;
    this.desired = planned.desired;
    this.timeouts = options.timeouts ?? DEFAULT_TIMEOUTS;
  }

  /** Reports a step and tracks its effect. `written` is tracked even if the report throws, for example because the disk is full. */
  readonly reportStep: ReportStep = (...step) => {
    const [name, detail] = step;
    if (name === 'submitted' && detail !== undefined) this.deployIds.push(detail);
    if (SETTLED_STEPS.includes(name)) this.jobPending = false;
    if (WRITE_STEPS.includes(name)) this.written = true;
    this.options.onStep(this.desired.org.alias, ...step);
    // Nothing is sent if the report throws, so the job counts as pending only after it.
    if (name === 'deploying') this.jobPending = true;
  };

  /** The part of the result that is known however the run ends. */
  readonly partialResult = (): Pick<OrgResult, 'changes' | 'checks' | 'deployIds'> => {
    const { changes, checks } = this.planned.result;
    return { changes, checks, deployIds: this.deployIds };
  };

  lockOptions(home: string): LockOptions {
    const { alias, orgId } = this.desired.org;
    return { alias, orgId, home, timeout: this.timeouts.lock, onWait: (why) => this.reportStep('waiting', why) };
  }
}
