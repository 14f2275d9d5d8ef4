import { keyOf, mainPathOf, type Component } from '../metadata/component';
import { misfitsOf } from '../metadata/deserialize';
import { IllFormedXml } from '../metadata/ill-formed';
import { documentOf, readableDocumentOf } from '../metadata/store';
import type { Org } from '../org/org';
import { RULES, type Complaint, type View } from '../rules';
import { referencesOf } from '../rules/references';

/** Why a component cannot be deployed. */
export interface Problem {
  readonly text: string;
  readonly line?: number;
  readonly column?: number;
}

/** Components by "Type:Name", as they would be once the deployment is through. */
export type Prospect = ReadonlyMap<string, Component>;

/** What is wrong with a component. A file that is not its WSDL type is not looked at any further. */
export function inspect(component: Component, org: Org, prospect: Prospect): Problem[] {
  if (!hasXml(component)) return [];
  try {
    const root = documentOf(component);
    const misfit = misfitsOf(component.type.name, root)[0];
    if (misfit) return [problemOf(misfit)];
    const subject = { name: component.name, root };
    const rules = RULES.filter((rule) => rule.type === component.type.name);
    const complaints = rules.flatMap((rule) => rule.check(subject, viewOf(org, prospect)));
    return complaints.map(problemOf);
  } catch (error) {
    if (!(error instanceof IllFormedXml)) throw error;
    return [{ text: `Error parsing file: ${error.message}`, line: error.line, column: error.column }];
  }
}

/** Who of the prospect still refers to a component that is to go. */
export function referrersOf(component: Component, prospect: Prospect): Component[] {
  const { name, type } = component;
  return [...prospect.values()].filter((other) => {
    const root = readableDocumentOf(other);
    return root && referencesOf(other.type.name, root).some((found) => found.type === type.name && found.name === name);
  });
}

function problemOf({ text, at }: Complaint): Problem {
  return { text, ...(at && { line: at.line, column: at.column }) };
}

function hasXml(component: Component): boolean {
  const path = mainPathOf(component);
  return component.type.layout === 'xml' || (component.type.layout === 'content' && path.endsWith('-meta.xml'));
}

function viewOf(org: Org, prospect: Prospect): View {
  return {
    now: org.now(),
    permissions: org.permissions,
    has: (type, name) => prospect.has(keyOf(type, name)),
    find: (type, name) => readableDocumentOf(prospect.get(keyOf(type, name))),
    existed: (type, name) => org.metadata.find(type, name) !== undefined,
  };
}
