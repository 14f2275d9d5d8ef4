import type { Component, Difference, ImpactAssessment } from '../../model';
import type { ImpactContext } from '../impact-context';

/** What a rule of impact looks at: one difference, the component before and after, and the org around it. */
export interface ImpactCase {
  readonly difference: Difference;
  readonly before: Component | undefined;
  readonly after: Component | undefined;
  readonly name: string;
  readonly context: ImpactContext;
}

/** One rule: which settings it knows, and what a change of them means. */
export interface ImpactRule {
  readonly path: RegExp;
  readonly assess: (impactCase: ImpactCase) => ImpactAssessment;
}

export const none = (effect = ''): ImpactAssessment => ({ impact: 'none', effect });
export const visible = (effect: string): ImpactAssessment => ({ impact: 'visible', effect });
export const disruptive = (effect: string): ImpactAssessment => ({ impact: 'disruptive', effect });

/** A channel on which nobody can chat, neither now nor after the deploy, has no customers to disturb. */
export const disruptiveIfActive = ({ context, name }: ImpactCase, effect: string): ImpactAssessment =>
  context.activeChannels.has(name) ? disruptive(effect) : none(`${name} is not active, so nobody is affected yet.`);

/** A setting about which nothing particular is known. */
export const unknownSetting = ({ context, name }: ImpactCase): ImpactAssessment =>
  context.activeChannels.has(name) ? visible(`Customers who chat on ${name} may notice.`) : none();
