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
