import type { Impact } from '../../../lib/model';
import type { Edit } from './live-org';

/** A change of one component, and what it means. */
export interface ImpactTestCase {
  readonly description: string;
  readonly component: string;
  readonly path: string;
  /** What the source states otherwise than the org. */
  readonly declared: readonly Edit[];
  /** What the org holds otherwise than usual; without it, that it lacks the component. */
  readonly live?: readonly Edit[] | 'missing';
  /** While customers chat on the channel, and while it is not active. */
  readonly impact: readonly [active: Impact, inactive: Impact];
  /** What has to be told while customers chat. */
  readonly effect: RegExp;
}

type CaseDetails = [
  stated: readonly Edit[],
  impact: ImpactTestCase['impact'],
  effect: RegExp,
  live?: ImpactTestCase['live'],
];

/** A case in one line. */
export function impactCase(
  component: string,
  description: string,
  path: string,
  ...[declared, impact, effect, live]: CaseDetails
): ImpactTestCase {
  return { description, component, path, declared, impact, effect, ...(live && { live }) };
}

/** Cases of one component. */
export const impactCasesFor =
  (component: string) =>
  (claim: string, path: string, ...rest: CaseDetails): ImpactTestCase =>
    impactCase(component, claim, path, ...rest);
