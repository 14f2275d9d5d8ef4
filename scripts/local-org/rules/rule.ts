import type { Assumptions } from '../assumptions';
import type { AdminPermission } from '../options';
import type { XmlElement } from '../metadata/xml';
import type { WebDeploymentSettings } from '../web-deployment-settings';

/** How well the sources support a rule. */
export type Certainty =
  /** official documentation, or several independent sources */
  | 'confirmed'
  /** one source that isn't official */
  | 'single source'
  /** a conclusion from sources that don't state it */
  | 'inferred';

export interface Violation {
  readonly text: string;
  /** the location in the file; undefined: the whole file */
  readonly at?: XmlElement;
}

/** The component that a rule checks. */
export interface RuleSubject {
  readonly name: string;
  readonly root: XmlElement;
}

/** The org as it would be after the deploy. */
export interface OrgView {
  readonly now: Date;
  readonly permissions: Readonly<Record<AdminPermission, boolean>>;
  has(type: string, name: string): boolean;
  /** undefined if the component doesn't exist, or isn't XML */
  find(type: string, name: string): XmlElement | undefined;
  /** the component as it was before the deploy; undefined if it didn't exist, or isn't XML */
  before(type: string, name: string): XmlElement | undefined;
  readonly webDeployments: WebDeploymentSettings;
  readonly assumptions: Assumptions;
}

/** A requirement of Salesforce that isn't in the WSDL. */
export interface Rule {
  /** in kebab case; README.md lists all rules */
  readonly name: string;
  /** the metadata type it applies to */
  readonly type: string;
  /** the article or page that states it */
  readonly source: string;
  readonly certainty: Certainty;
  /** whether the message is Salesforce's; otherwise it was written for this project */
  readonly textKnown: boolean;
  check(subject: RuleSubject, view: OrgView): readonly Violation[];
}

/**
 * A reference to a component that doesn't exist. Salesforce uses this message for many types. That it uses it for the fields of
 * the messaging types is inferred.
 */
export function unresolvedReference(field: string, type: string, name: string, at: XmlElement): Violation {
  return { text: `In field: ${field} - no ${type} named ${name} found`, at };
}
