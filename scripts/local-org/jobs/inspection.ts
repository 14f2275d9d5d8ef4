import { componentKey, mainPath, type Component } from '../metadata/component';
import { schemaViolations } from '../metadata/schema-violations';
import { MalformedXml } from '../metadata/malformed-xml';
import { parseDocument, tryParseDocument } from '../metadata/store';
import type { Org } from '../org/org';
import { RULES, type Violation, type OrgView } from '../rules';
import { ASSUMED_RULES } from '../rules/assumed';
import { findReferences } from '../rules/references';

/** Why a component can't be deployed. */
export interface Problem {
  readonly text: string;
  readonly line?: number;
  readonly column?: number;
}

/** The components by "Type:Name" as they would be after the deploy. */
export type PendingState = ReadonlyMap<string, Component>;

/** Returns the problems of a component. The rules run only on a file without schema violations. */
export function inspectComponent(component: Component, org: Org, pending: PendingState, version: number): Problem[] {
  if (!hasXml(component)) return [];
  try {
    const root = parseDocument(component);
    const schemaViolation = schemaViolations(component.type.name, root, version)[0];
    if (schemaViolation) return [toProblem(schemaViolation)];
    const subject = { name: component.name, root };
    const rules = [...RULES, ...ASSUMED_RULES].filter((rule) => rule.type === component.type.name);
    const violations = rules.flatMap((rule) => rule.check(subject, createView(org, pending)));
    return violations.slice(0, org.assumptions.reportedProblems === 'first' ? 1 : undefined).map(toProblem);
  } catch (error) {
    if (!(error instanceof MalformedXml)) throw error;
    return [{ text: `Error parsing file: ${error.message}`, line: error.line, column: error.column }];
  }
}

/** Returns the components that would still refer to a deleted component. */
export function findReferrers(component: Component, pending: PendingState): Component[] {
  const { name, type } = component;
  return [...pending.values()].filter((other) => {
    const root = tryParseDocument(other);
    return (
      root && findReferences(other.type.name, root).some((target) => target.type === type.name && target.name === name)
    );
  });
}

function toProblem({ text, at }: Violation): Problem {
  return { text, ...(at && { line: at.line, column: at.column }) };
}

function hasXml(component: Component): boolean {
  const path = mainPath(component);
  return component.type.layout === 'xml' || (component.type.layout === 'content' && path.endsWith('-meta.xml'));
}

function createView(org: Org, pending: PendingState): OrgView {
  return {
    now: org.now(),
    permissions: org.permissions,
    has: (type, name) => pending.has(componentKey(type, name)),
    find: (type, name) => tryParseDocument(pending.get(componentKey(type, name))),
    before: (type, name) => tryParseDocument(org.metadata.find(type, name)),
    webDeployments: org.webDeployments,
    assumptions: org.assumptions,
  };
}
