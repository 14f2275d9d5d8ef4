import type { Finding, Severity } from '../model';
import type { Place } from './place';

/** What a rule demands, and who says so. */
export interface Rule {
  /** Stable, kebab-case. */
  readonly id: string;
  readonly severity: Severity;
  /** The demand as one sentence. */
  readonly summary: string;
  readonly source: string;
}

/** One breach of a rule. */
export interface Flaw {
  readonly rule: Rule;
  readonly place: Place;
  readonly message: string;
  readonly fix: string;
}

type Demand = Omit<Rule, 'id'>;

/** Something that surely breaks, or endangers customers. */
export const error = (summary: string, source: string): Demand => ({ severity: 'error', summary, source });

/** Something that may be meant, or on which the sources disagree. */
export const warning = (summary: string, source: string): Demand => ({ severity: 'warning', summary, source });

/** Something to know that hurts nobody by itself. */
export const note = (summary: string, source: string): Demand => ({ severity: 'info', summary, source });

/** Names the rules of one table by their keys. */
export function rules<Id extends string>(table: Readonly<Record<Id, Demand>>): Readonly<Record<Id, Rule>> {
  const named = Object.entries<Demand>(table).map(([id, demand]) => [id, { id, ...demand }]);
  return Object.fromEntries(named) as Record<Id, Rule>;
}

export const flaw = (rule: Rule, place: Place, message: string, fix: string): Flaw => ({ rule, place, message, fix });

/** A breach as the commands report it. What was read from an org has no file. */
export const findingOf = ({ rule, place, message, fix }: Flaw): Finding => ({
  rule: rule.id,
  severity: rule.severity,
  component: place.component,
  path: place.path,
  file: place.origin?.file ?? '',
  line: place.origin?.line ?? 0,
  message,
  fix,
});
