import {
  DEPLOYED_TYPES,
  componentsOf,
  isComponentType,
  keyOf,
  mapOf,
  referencesOf,
  type Component,
  type ComponentKey,
  type ComponentMap,
  type CompromisedKey,
  type DesiredState,
  type Element,
  type Finding,
  type OrgConfig,
  type UndeployedComponents,
} from '../model';
import { mergeOverride, removeAt } from '../metadata';
import { composeMemberSite, lwrSiteFindings } from './member-site';
import { siteComponents } from './site-components';
import { retiredInUse, unusedOverrides, unknownComponents } from './org-file-findings';

/** The desired state of an org, and findings about unresolved names in its org file. */
export interface ComposeResult {
  readonly desired: DesiredState;
  readonly findings: readonly Finding[];
}

/**
 * Composes the desired state of one org: its channels, their referenced components (keysets, keys, queues, routing), their chat
 * deployments, the included components of the org file, and the origins of its sites, with the org's overrides applied; and the
 * member site, if the org file has it. A plan never lets the org trust the keys in `compromised`. Rules report references that
 * source doesn't resolve.
 */
export function composeOrg(
  source: ComponentMap,
  org: OrgConfig,
  compromised: readonly CompromisedKey[],
  undeployed: UndeployedComponents = new Map(),
  memberSite: ComponentMap = new Map(),
): ComposeResult {
  const ownSource = mapOf([...source.values()].map((component) => applyOverride(component, org.overrides)));
  const sites = siteComponents(org, ownSource).map((component) => applyOverride(component, org.overrides));
  const overriddenSource = mapOf([...sites, ...ownSource.values()]);
  const roots = [...rootsOf(overriddenSource, org), ...sites.map(keyOf)];
  const referenced = withReferenced(overriddenSource, roots, new Set(org.existing));
  const site = composeMemberSite(memberSite, org, referenced);
  const components = mapOf([...referenced.values(), ...site.components].sort(byTypeAndName));
  const findings = [
    ...unknownComponents(org, overriddenSource, undeployed),
    ...unusedOverrides(org, components, overriddenSource, undeployed),
    ...retiredInUse(org, components),
    ...site.findings,
    ...lwrSiteFindings(org, undeployed),
  ];
  return { desired: { org, components, compromised }, findings };
}

/** A component with its override, if there is one. */
export function applyOverride(component: Component, overrides: OrgConfig['overrides']): Component {
  const override = overrides.get(keyOf(component));
  if (!override) return component;
  const base = [...new Set(override.removed)].reduce<Element>((root, path) => removeAt(root, path), component.root);
  return { ...component, root: mergeOverride(base, override.root) };
}

/** The channels, their chat deployments, and the included components of the org file. */
function rootsOf(source: ComponentMap, org: OrgConfig): readonly ComponentKey[] {
  const names = new Set(org.channels);
  const channels = org.channels.map((name): ComponentKey => `MessagingChannel:${name}`);
  const chatDeployments = componentsOf(source, 'EmbeddedServiceConfig')
    .filter((chatDeployment) => referencesOf(chatDeployment).some(({ name }) => names.has(name)))
    .map(keyOf);
  return [...channels, ...chatDeployments, ...org.include];
}

/** The roots and their referenced components, sorted by type and name, so that plans have the same order in every org. */
function withReferenced(
  source: ComponentMap,
  roots: readonly ComponentKey[],
  existing: ReadonlySet<string>,
): ComponentMap {
  const reached = new Set<ComponentKey>();
  const pending = [...roots];
  for (let key = pending.pop(); key; key = pending.pop()) {
    const component = source.get(key);
    // An existing component of the org is referenced but not deployed.
    if (!component || reached.has(key) || existing.has(key)) continue;
    reached.add(key);
    for (const target of targetsOf(component)) pending.push(target);
  }
  return mapOf([...source.values()].filter((component) => reached.has(keyOf(component))).sort(byTypeAndName));
}

/** Sorts by type, in the order in which Salesforce needs them, then by name. */
const byTypeAndName = (one: Component, other: Component): number =>
  DEPLOYED_TYPES.indexOf(one.type) - DEPLOYED_TYPES.indexOf(other.type) || (one.fullName < other.fullName ? -1 : 1);

const targetsOf = (component: Component): readonly ComponentKey[] =>
  referencesOf(component).flatMap(({ type, name }) => (isComponentType(type) ? [`${type}:${name}` as const] : []));
