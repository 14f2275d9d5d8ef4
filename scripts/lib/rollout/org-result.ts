import { toErrorDetails, asToolError, EXIT, type ErrorCode } from '../errors';
import type { Check, DesiredState, OrgResult, Plan, OrgStatus } from '../model';

/** Errors after which nobody knows what the org holds until it is read again. */
const UNKNOWN_RESULT_CODES: readonly ErrorCode[] = ['deploy-unknown'];

type ResultDetails = Partial<Pick<OrgResult, 'changes' | 'deployIds' | 'checks'>>;

/** The outcome of one org; lists that are left out are empty. */
export function orgResult(
  { org }: Pick<DesiredState, 'org'>,
  status: OrgStatus,
  details: ResultDetails = {},
): OrgResult {
  const { alias, orgId, kind, wave } = org;
  return { alias, orgId, kind, wave, status, changes: [], deployIds: [], checks: [], ...details };
}

/** The outcome of an org at which something was thrown. */
export function failedResult(desired: DesiredState, thrown: unknown, details: ResultDetails = {}): OrgResult {
  const { code, exit } = asToolError(thrown);
  const status: OrgStatus = UNKNOWN_RESULT_CODES.includes(code)
    ? 'unknown'
    : exit === EXIT.unreachable
      ? 'unreachable'
      : 'failed';
  return { ...orgResult(desired, status, details), error: toErrorDetails(thrown) };
}

/** What was made sure of before a plan counts. */
export const planChecks = ({ facts, publish }: Plan): readonly Check[] => [
  { name: 'identity', ok: true, detail: `${facts.orgId}, ${facts.kind}` },
  {
    name: 'permissions',
    ok: facts.missingPermissions.length === 0,
    detail: facts.missingPermissions.length === 0 ? 'all there' : `missing: ${facts.missingPermissions.join(', ')}`,
  },
  ...(publish.length > 0 ? [{ name: 'to publish', ok: true, detail: publish.join(', ') }] : []),
];
