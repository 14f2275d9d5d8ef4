import type { Component, Difference, ImpactAssessment } from '../../model';
import type { ImpactContext } from '../impact-context';

/** The input of an impact rule: one difference, its component before and after the deploy, and the rest of the org. */
export interface ImpactCase {
  readonly difference: Difference;
  readonly before: Component | undefined;
  readonly after: Component | undefined;
  readonly name: string;
  readonly context: ImpactContext;
}

/** An impact rule: the paths of the settings it applies to, and the impact of a change of them. */
export interface ImpactRule {
  readonly path: RegExp;
  readonly assess: (impactCase: ImpactCase) => ImpactAssessment;
}

export const none = (effect = ''): ImpactAssessment => ({ impact: 'none', effect });
export const visible = (effect: string): ImpactAssessment => ({ impact: 'visible', effect });
export const disruptive = (effect: string): ImpactAssessment => ({ impact: 'disruptive', effect });

/** No customer is affected on a channel that is inactive both before and after the deploy. */
export const disruptiveIfActive = ({ context, name }: ImpactCase, effect: string): ImpactAssessment =>
  context.activeChannels.has(name) ? disruptive(effect) : none(`${name} is inactive, so no customer is affected.`);

/** The impact of a setting without a rule of its own. */
export const unknownSetting = ({ context, name }: ImpactCase): ImpactAssessment =>
  context.activeChannels.has(name) ? visible(`Customers who chat on ${name} may notice the change.`) : none();
