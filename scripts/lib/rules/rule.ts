import type { Finding, Severity } from '../model';
import type { SourceLocation } from './location';

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
export interface Violation {
  readonly rule: Rule;
  readonly location: SourceLocation;
  readonly message: string;
  readonly fix: string;
}

type RuleDefinition = Omit<Rule, 'id'>;

/** Something that surely breaks, or endangers customers. */
export const error = (summary: string, source: string): RuleDefinition => ({ severity: 'error', summary, source });

/** Something that may be meant, or on which the sources disagree. */
export const warning = (summary: string, source: string): RuleDefinition => ({ severity: 'warning', summary, source });

/** Something to know that hurts nobody by itself. */
export const note = (summary: string, source: string): RuleDefinition => ({ severity: 'note', summary, source });

/** Names the rules of one table by their keys. */
export function defineRules<Id extends string>(
  table: Readonly<Record<Id, RuleDefinition>>,
): Readonly<Record<Id, Rule>> {
  const entries = Object.entries<RuleDefinition>(table).map(([id, definition]) => [id, { id, ...definition }]);
  return Object.fromEntries(entries) as Record<Id, Rule>;
}

export const violation = (rule: Rule, location: SourceLocation, message: string, fix: string): Violation => ({
  rule,
  location: location,
  message,
  fix,
});

/** A breach as the commands report it. What was read from an org has no file. */
export const findingOf = ({ rule, location, message, fix }: Violation): Finding => ({
  rule: rule.id,
  severity: rule.severity,
  component: location.component,
  path: location.path,
  file: location.origin?.file ?? '',
  line: location.origin?.line ?? 0,
  message,
  fix,
});
