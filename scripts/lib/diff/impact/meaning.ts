import type { Component, Difference, Meaning } from '../../model';
import type { Scene } from '../trust';

/** What a rule of impact looks at: one difference, the component before and after, and the org around it. */
export interface Case {
  readonly difference: Difference;
  readonly before: Component | undefined;
  readonly after: Component | undefined;
  readonly name: string;
  readonly scene: Scene;
}

/** One rule: which settings it knows, and what a change of them means. */
export interface ImpactRule {
  readonly path: RegExp;
  readonly meaning: (subject: Case) => Meaning;
}

export const none = (effect = ''): Meaning => ({ impact: 'none', effect });
export const notice = (effect: string): Meaning => ({ impact: 'notice', effect });
export const disruptive = (effect: string): Meaning => ({ impact: 'disruptive', effect });

/** A channel on which nobody can chat, neither now nor after the deploy, has no customers to disturb. */
export const ifActive = ({ scene, name }: Case, effect: string): Meaning =>
  scene.active.has(name) ? disruptive(effect) : none(`${name} is not active, so nobody is affected yet.`);

/** A setting about which nothing particular is known. */
export const other = ({ scene, name }: Case): Meaning =>
  scene.active.has(name) ? notice(`Customers who chat on ${name} may notice.`) : none();
