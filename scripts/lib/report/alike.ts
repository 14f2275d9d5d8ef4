import type { Check, CheckState, Outcome } from '../model';
import { stateOf } from './report';

/** Checks that came out the same, for the same reason. */
export interface Alike {
  readonly state: CheckState;
  readonly detail: string;
  /** `acceptance (accepted, life); consistency (same customer)`. */
  readonly checks: string;
  /** `dev (Mobile_Chat, Web_Chat); uat (Web_Chat)`. */
  readonly places: string;
}

/** What failed, then what was not proven, each text once for all the checks, channels and orgs that it is about. */
export const alike = (orgs: readonly Pick<Outcome, 'alias' | 'checks'>[]): readonly Alike[] =>
  (['failed', 'not proven'] as const).flatMap((state) => {
    const own = orgs.flatMap(({ alias, checks }) =>
      checks.filter((check) => stateOf(check) === state).map((check) => ({ alias, check })),
    );
    return [...new Set(own.map(({ check }) => check.detail))].map((detail) => {
      const about = own.filter(({ check }) => check.detail === detail);
      return { state, detail, checks: checksIn(about.map(({ check }) => check)), places: placesIn(about) };
    });
  });

const checksIn = (checks: readonly Check[]): string =>
  grouped(checks.map(({ part, name }) => (part === undefined ? [name, undefined] : [part, name])));

const placesIn = (about: readonly { readonly alias: string; readonly check: Check }[]): string =>
  grouped(about.map(({ alias, check }) => [alias, check.channel]));

/** Each first with all its seconds, in the order in which they came. */
function grouped(pairs: readonly (readonly [string, string | undefined])[]): string {
  return [...new Set(pairs.map(([first]) => first))]
    .map((first) => {
      const seconds = [...new Set(pairs.flatMap(([own, second]) => (own === first ? (second ?? []) : [])))];
      return seconds.length === 0 ? first : `${first} (${seconds.join(', ')})`;
    })
    .join('; ');
}
