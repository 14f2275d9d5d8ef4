import { joinNames, type Change, type DesiredState, type OrgResult, type Transition } from '../model';
import { DEFAULT_TIMEOUTS, type LockOptions, type Timeouts, type ReportStep, type ApplyStep } from '../org';
import type { PlannedOrg } from './plan-fleet';
import type { RolloutOptions } from './rollout-options';

/** Steps that send something to the org. */
const WRITE_STEPS: readonly ApplyStep[] = [
  ...(['deactivating', 'submitted', 'routing', 'creating', 'updating', 'activating', 'publishing'] as const),
];
/** Steps after which the org may contain something else than before. A deploy job that is rejected changes nothing. */
const CHANGE_STEPS: readonly ApplyStep[] = ['deactivating', 'deployed', 'routing', 'created', 'updating', 'activating'];
/** Steps after which no deploy job of ours is running, and no chat deployment is being created. */
const SETTLED_STEPS: readonly ApplyStep[] = ['deployed', 'rejected', 'not submitted', 'created', 'not created'];

/** The state of one org during a rollout. */
export class OrgRun {
  readonly planned: PlannedOrg;
  readonly options: RolloutOptions;
  readonly desired: DesiredState;
  readonly timeouts: Timeouts;
  private readonly deployIds: string[] = [];
  /** The components of the channels that this run deactivated before its deploy job. */
  private readonly deactivated = new Set<string>();
  /** The change that this run makes, from its first write on. Set before anything is sent to the org. */
  transition: Transition | undefined;
  /** Whether anything was sent to the org. */
  written = false;
  /** Whether the org may contain something else than before this run. */
  changed = false;
  /** Whether a deploy job of this run may still be running, or the org may still create a chat deployment. */
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
    if (CHANGE_STEPS.includes(name)) this.changed = true;
    if (name === 'deactivating')
      detail?.split(', ').forEach((each) => this.deactivated.add(`MessagingChannel:${each}`));
    this.options.onStep(this.desired.org.alias, ...step);
    // Nothing is sent if the report throws, so the job counts as pending only after it.
    if (name === 'deploying' || name === 'creating') this.jobPending = true;
  };

  /** The part of the result that is known however the run ends. */
  readonly partialResult = (): Pick<OrgResult, 'changes' | 'checks' | 'deployIds'> => {
    const { changes, checks } = this.planned.result;
    return { changes, checks, deployIds: this.deployIds };
  };

  /** Whether changes are the planned ones, without the channels that this run deactivated before its deploy job. */
  isStillPlanned(changes: readonly Change[]): boolean {
    const remaining = this.planned.result.changes.filter(
      ({ component, path }) => path !== 'isActive' || !this.deactivated.has(component),
    );
    // The impact depends on which channels are active.
    const comparable =
      this.deactivated.size > 0
        ? ({ component, path, from, to }: Change) => ({ component, path, from, to })
        : (change: Change) => change;
    return JSON.stringify(changes.map(comparable)) === JSON.stringify(remaining.map(comparable));
  }

  /** Names the writes that were sent to the org before its deploy job succeeded, as a sentence. */
  sentText(): string {
    if (this.deactivated.size > 0)
      return `Only this was changed: ${joinNames([...this.deactivated])} ${this.deactivated.size === 1 ? 'is' : 'are'} inactive.`;
    const id = this.deployIds.at(-1);
    return id === undefined
      ? 'Nothing was sent to it.'
      : `Nothing was sent to it after deploy job ${id}, which changed nothing.`;
  }

  lockOptions(home: string): LockOptions {
    const { alias, orgId } = this.desired.org;
    return { alias, orgId, home, timeout: this.timeouts.lock, onWait: (why) => this.reportStep('waiting', why) };
  }
}
