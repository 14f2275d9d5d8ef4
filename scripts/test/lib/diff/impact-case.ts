import type { Impact } from '../../../lib/model';
import type { Edit } from './live-org';

/** A change of one component, and what it means. */
export interface ImpactCase {
  readonly claim: string;
  readonly component: string;
  readonly path: string;
  /** What the source states otherwise than the org. */
  readonly stated: readonly Edit[];
  /** What the org holds otherwise than usual; without it, that it lacks the component. */
  readonly live?: readonly Edit[] | 'missing';
  /** While customers chat on the channel, and while it is not active. */
  readonly impact: readonly [active: Impact, inactive: Impact];
  /** What has to be told while customers chat. */
  readonly effect: RegExp;
}

type Rest = [stated: readonly Edit[], impact: ImpactCase['impact'], effect: RegExp, live?: ImpactCase['live']];

/** A case in one line. */
export function caseOf(
  component: string,
  claim: string,
  path: string,
  ...[stated, impact, effect, live]: Rest
): ImpactCase {
  return { claim, component, path, stated, impact, effect, ...(live && { live }) };
}

/** Cases of one component. */
export const casesOf =
  (component: string) =>
  (claim: string, path: string, ...rest: Rest): ImpactCase =>
    caseOf(component, claim, path, ...rest);
