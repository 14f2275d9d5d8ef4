import { toErrorDetails, asToolError, EXIT, type ErrorCode, type ExitCode } from '../errors';
import { formatUtc } from '../report';
import {
  RESTORED_TRUST_CHECK,
  TRUST_CHECK,
  type Check,
  type DesiredState,
  type OrgResult,
  type Plan,
  type OrgStatus,
  type RestoredTrust,
} from '../model';

/** Errors after which the live state is unknown until the org is read again. */
const UNKNOWN_RESULT_CODES: readonly ErrorCode[] = ['deploy-unknown'];

type ResultDetails = Partial<Pick<OrgResult, 'changes' | 'deployIds' | 'checks'>>;

/** The result of one org. Lists default to empty. */
export function orgResult(
  { org }: Pick<DesiredState, 'org'>,
  status: OrgStatus,
  details: ResultDetails = {},
): OrgResult {
  const { alias, orgId, kind, wave } = org;
  return { alias, orgId, kind, wave, status, changes: [], deployIds: [], checks: [], ...details };
}

/** The result of an org for a thrown error. */
export function failedResult(desired: DesiredState, thrown: unknown, details: ResultDetails = {}): OrgResult {
  const { code, exit, findings } = asToolError(thrown);
  const status: OrgStatus = UNKNOWN_RESULT_CODES.includes(code)
    ? 'unknown'
    : exit === EXIT.unreachable
      ? 'unreachable'
      : 'failed';
  return {
    ...orgResult(desired, status, details),
    error: toErrorDetails(thrown),
    ...(findings.length > 0 && { findings }),
  };
}

/**
 * The check of what an org trusts although the desired state doesn't declare it. Empty if there is nothing. User verification that is
 * off can't be accepted.
 */
export function trustChecks({ undeclaredTrust }: Pick<Plan, 'undeclaredTrust'>): readonly Check[] {
  if (undeclaredTrust.length === 0) return [];
  const canAccept = undeclaredTrust.some(({ channels }) => channels.length > 0);
  const accept = canAccept ? ['To accept trust, add it to "alsoTrusted" in the org file.'] : [];
  const detail = [...undeclaredTrust.map(({ consequence }) => consequence), ...accept].join(' ');
  return [{ name: TRUST_CHECK, ok: false, detail }];
}

/** The effect of a rollback on trust that source didn't declare before the run. Empty if there is none. */
export function restoredTrustChecks(restored: RestoredTrust | undefined): readonly Check[] {
  if (!restored || restored.kept.length === 0) return [];
  const { accepted, kept, trust, recordedAt } = restored;
  const settings = [`${kept.join(', ')}.`, ...trust.map(({ consequence }) => consequence)].join(' ');
  const why = recordedAt
    ? `These settings were changed in the org after the last run (${formatUtc(recordedAt)}), so source didn't declare them`
    : "No earlier run recorded the trust of the org, so a rollback can't tell declared trust from trust that was added in the org";
  const detail = accepted
    ? `The rollback restores undeclared trust: ${settings}`
    : `The rollback doesn't restore undeclared trust: ${settings} ${why}. To restore them, roll the run back with --accept undeclared-trust.`;
  return [{ name: RESTORED_TRUST_CHECK, ok: !accepted, detail }];
}

/** The checks that a plan contains. */
export const planChecks = (plan: Plan, { restored }: Pick<DesiredState, 'restored'> = {}): readonly Check[] => {
  const {
    facts: { orgId, kind, missingPermissions },
    publish,
  } = plan;
  const isPermitted = missingPermissions.length === 0;
  return [
    ...restoredTrustChecks(restored),
    ...trustChecks(plan),
    { name: 'identity', ok: true, detail: `${orgId}, ${kind}` },
    {
      name: 'permissions',
      ok: isPermitted,
      detail: isPermitted ? 'all there' : `missing: ${missingPermissions.join(', ')}`,
    },
    ...(publish.length > 0 ? [{ name: 'to publish', ok: true, detail: publish.join(', ') }] : []),
  ];
};

/** The exit code of a command. A failed org outweighs an unreachable one, which outweighs changes. Skipped orgs have no effect. */
export function exitCodeOf(orgs: readonly OrgResult[]): ExitCode {
  const statuses = new Set(orgs.map(({ status }) => status));
  if (statuses.has('failed') || statuses.has('unknown')) return EXIT.failed;
  if (statuses.has('unreachable')) return EXIT.unreachable;
  return statuses.has('planned') ? EXIT.changes : EXIT.done;
}
