import type { Finding, Severity } from '../model';
import type { SourceLocation } from './location';

/** A rule and its source. */
export interface Rule {
  /** Stable, kebab-case. */
  readonly id: string;
  readonly severity: Severity;
  /** The requirement as one sentence. */
  readonly summary: string;
  readonly source: string;
  /** Whether an org file can accept the error: it protects against a risk that a team can decide to take. */
  readonly policy?: true;
}

/** One violation of a rule. */
export interface Violation {
  readonly rule: Rule;
  readonly location: SourceLocation;
  readonly message: string;
  readonly fix: string;
}

type RuleDefinition = Omit<Rule, 'id'>;

/** A rule whose violation breaks chats or puts customers at risk. */
export const error = (summary: string, source: string): RuleDefinition => ({ severity: 'error', summary, source });

/** An error that an org file can accept with a reason. */
export const policy = (summary: string, source: string): RuleDefinition => ({
  ...error(summary, source),
  policy: true,
});

/** A rule whose violation can be intended, or on which the sources disagree. */
export const warning = (summary: string, source: string): RuleDefinition => ({ severity: 'warning', summary, source });

/** A rule whose violation has no effect by itself. */
export const note = (summary: string, source: string): RuleDefinition => ({ severity: 'note', summary, source });

/** Gives each rule of a table its key as ID. */
export function defineRules<Id extends string>(
  table: Readonly<Record<Id, RuleDefinition>>,
): Readonly<Record<Id, Rule>> {
  const entries = Object.entries<RuleDefinition>(table).map(([id, definition]) => [id, { id, ...definition }]);
  return Object.fromEntries(entries) as Record<Id, Rule>;
}

export const violation = (rule: Rule, location: SourceLocation, message: string, fix: string): Violation => ({
  rule,
  location,
  message,
  fix,
});

/** A violation as a finding. A component that was read from an org has no file. */
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
