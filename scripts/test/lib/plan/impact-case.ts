import type { Impact } from '../../../lib/model';
import type { Edit } from './live-org';

/** A change of one component, and its expected impact. */
export interface ImpactTestCase {
  readonly description: string;
  readonly component: string;
  readonly path: string;
  /** The edits that make the declared component differ from the default one. */
  readonly declared: readonly Edit[];
  /** The edits that make the live component differ from the default one, or `missing` if the org lacks it. */
  readonly live?: readonly Edit[] | 'missing';
  /** The impact while the channel is active and while it is inactive. */
  readonly impact: readonly [active: Impact, inactive: Impact];
  /** The effect while the channel is active. */
  readonly effect: RegExp;
}

type CaseDetails = [
  declared: readonly Edit[],
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
  (description: string, path: string, ...details: CaseDetails): ImpactTestCase =>
    impactCase(component, description, path, ...details);
