import { asToolError, EXIT, type ErrorCode } from '../errors';
import type { Check, Desired, Outcome, Plan, Result } from '../model';

/** Errors after which nobody knows what the org holds until it is read again. */
const UNKNOWN: readonly ErrorCode[] = ['deploy-unknown'];

type Rest = Partial<Pick<Outcome, 'changes' | 'deployIds' | 'checks'>>;

/** The outcome of one org; lists that are left out are empty. */
export function outcomeOf({ org }: Pick<Desired, 'org'>, outcome: Result, rest: Rest = {}): Outcome {
  const { alias, orgId, kind, wave } = org;
  return { alias, orgId, kind, wave, outcome, changes: [], deployIds: [], checks: [], ...rest };
}

/** The outcome of an org at which something was thrown. */
export function failed(desired: Desired, thrown: unknown, rest: Rest = {}): Outcome {
  const { code, what, why, fix, exit } = asToolError(thrown);
  const result: Result = UNKNOWN.includes(code) ? 'unknown' : exit === EXIT.unreachable ? 'unreachable' : 'failed';
  return { ...outcomeOf(desired, result, rest), error: { code, what, why, fix } };
}

/** What was made sure of before a plan counts. */
export const checksOf = ({ facts, publish }: Plan): readonly Check[] => [
  { name: 'identity', ok: true, detail: `${facts.orgId}, ${facts.kind}` },
  {
    name: 'permissions',
    ok: facts.missingPermissions.length === 0,
    detail: facts.missingPermissions.length === 0 ? 'all there' : `missing: ${facts.missingPermissions.join(', ')}`,
  },
  ...(publish.length > 0 ? [{ name: 'to publish', ok: true, detail: publish.join(', ') }] : []),
];
