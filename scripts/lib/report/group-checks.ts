import type { Check, CheckState, OrgResult } from '../model';
import { checkLocation, checkStateOf } from './report';

/** Checks with the same state and detail. */
export interface GroupedCheck {
  readonly state: CheckState;
  readonly detail: string;
  /** `acceptance (accepted, token lifetime); consistency (expected customer)`. */
  readonly checks: string;
  /** `dev (Mobile_Chat, Web_Chat); uat (Web_Chat)`. */
  readonly locations: string;
}

/** The failed checks, then the inconclusive ones, grouped by their detail. */
export const groupChecks = (orgs: readonly Pick<OrgResult, 'alias' | 'checks'>[]): readonly GroupedCheck[] =>
  (['failed', 'inconclusive'] as const).flatMap((state) => {
    const matching = orgs.flatMap(({ alias, checks }) =>
      checks.filter((check) => checkStateOf(check) === state).map((check) => ({ alias, check })),
    );
    return [...new Set(matching.map(({ check }) => check.detail))].map((detail) => {
      const sameDetail = matching.filter(({ check }) => check.detail === detail);
      return {
        state,
        detail,
        checks: checkLabels(sameDetail.map(({ check }) => check)),
        locations: locationLabels(sameDetail),
      };
    });
  });

const checkLabels = (checks: readonly Check[]): string =>
  groupPairs(checks.map(({ part, name }) => (part === undefined ? [name, undefined] : [part, name])));

const locationLabels = (entries: readonly { readonly alias: string; readonly check: Check }[]): string =>
  groupPairs(entries.map(({ alias, check }) => [alias, checkLocation(check)]));

/** `first (second, second); first`, in the order of the pairs. */
function groupPairs(pairs: readonly (readonly [string, string | undefined])[]): string {
  return [...new Set(pairs.map(([first]) => first))]
    .map((first) => {
      const seconds = [...new Set(pairs.flatMap(([own, second]) => (own === first ? (second ?? []) : [])))];
      return seconds.length === 0 ? first : `${first} (${seconds.join(', ')})`;
    })
    .join('; ');
}
