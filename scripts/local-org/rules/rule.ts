import type { AdminPermission } from '../options';
import type { XmlElement } from '../metadata/xml';

/** How sure it is that Salesforce has the rule. */
export type Certainty =
  /** official documentation, or several independent sources */
  | 'confirmed'
  /** one source */
  | 'single source'
  /** follows from what sources say, said by none */
  | 'inferred';

export interface Violation {
  readonly text: string;
  /** where in the file; without it the file as a whole */
  readonly at?: XmlElement;
}

/** The component a rule looks at. */
export interface RuleSubject {
  readonly name: string;
  readonly root: XmlElement;
}

/** The org as it would be after the deployment. */
export interface OrgView {
  readonly now: Date;
  readonly permissions: Readonly<Record<AdminPermission, boolean>>;
  has(type: string, name: string): boolean;
  /** undefined when there is no such component, or it is not readable */
  find(type: string, name: string): XmlElement | undefined;
  /** whether the component was in the org before the deployment */
  existed(type: string, name: string): boolean;
}

/** One thing Salesforce demands of a component beyond its WSDL type. */
export interface Rule {
  /** in kebab case; the README's table names every one */
  readonly name: string;
  /** the metadata type it applies to */
  readonly type: string;
  /** where it can be read, with the article or page */
  readonly source: string;
  readonly certainty: Certainty;
  /** whether the text of the complaint is Salesforce's own, as opposed to ours for want of a known one */
  readonly textKnown: boolean;
  check(subject: RuleSubject, view: OrgView): readonly Violation[];
}

/**
 * The general text for a reference that leads nowhere. Salesforce uses this form for many types; that it does for the
 * fields of the messaging types is inferred.
 */
export function unresolvedReference(field: string, type: string, name: string, at: XmlElement): Violation {
  return { text: `In field: ${field} - no ${type} named ${name} found`, at };
}
