import type { OrgResult, Plan, Transition, TrustRecord } from '../model';
import type { DeployRequest, Timeouts, ReportStep } from '../org';
import type { ShareLimits } from '../monitor/share';
import type { PlannedOrg } from './plan-fleet';

/** How the chats of a wave are watched. */
export interface Canary extends Pick<ShareLimits, 'minVerified' | 'minChats'> {
  readonly durationMs: number;
  /**
   * The orgs that an earlier attempt of the run changed, whose watch didn't end well: the start of a watch that was interrupted, or
   * undefined for a new one.
   */
  readonly pending: ReadonlyMap<string, Date | undefined>;
}

/** How the plans of a fleet are applied. */
export interface RolloutOptions {
  readonly apiVersion: string;
  /** The maximum number of orgs in flight within a wave. Default: what this machine can handle. */
  readonly concurrency?: number | undefined;
  /** How many orgs may fail before the later waves are skipped. Default: 0. */
  readonly maxFailures?: number;
  /** Milliseconds between two waves. Default: 0. */
  readonly waveDelay?: number;
  readonly timeouts?: Timeouts;
  /** Whether chat deployments are published even if nothing changes. */
  readonly publishAll: boolean;
  /** Chat deployments to publish in addition to the plan, by alias. */
  readonly pendingPublishes?: ReadonlyMap<string, readonly string[]>;
  /** The chat deployments of an org, by its ID, that aren't known to be published after the deploy jobs that it lists. */
  readonly findUnpublished?: (
    orgId: string,
    names: readonly string[],
    jobs: readonly DeployRequest[] | null,
  ) => readonly string[];
  /** Whether an org that was changed and then fails is rolled back at once. */
  readonly rollBackOnFailure?: boolean;
  /** Whether all orgs are one wave. */
  readonly ignoreWaves?: boolean;
  /** Whether the last wave goes first: the order for removing trust, so that production keeps it longest. */
  readonly lastWaveFirst?: boolean;
  /** The command that continues this run after a failure. */
  readonly resumeCommand: string;
  /**
   * Saves what an org contained before anything is sent, and what was read back after it. The file is on disk when this returns.
   * The returned transition starts where the run first changed the org.
   */
  readonly saveSnapshot: (plan: Pick<Plan, 'org' | 'changes'>, transition: Transition) => Transition;
  /** Records the trust that the run leaves in an org. It's on disk when this returns. */
  readonly recordTrust?: (org: Plan['org'], record: TrustRecord) => void;
  /** Verifies an org that didn't fail, and returns its result with the checks. `planned.live` is what was read last. */
  readonly verify?: (planned: PlannedOrg, result: OrgResult) => Promise<OrgResult>;
  /** Watches the chats of each wave but the last one before the next wave starts. */
  readonly canary?: Canary;
  /** The change that an earlier attempt of the run made in an org; undefined if it changed nothing. */
  readonly readTransition?: (alias: string) => Transition | undefined;
  /** Reports each step in each org before it is taken. */
  readonly onStep: (alias: string, ...step: Parameters<ReportStep>) => void;
  /** Reports the final result of each org. */
  readonly onResult: (result: OrgResult) => void;
}
