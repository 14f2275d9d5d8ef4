import {
  COMPONENT_TYPES,
  componentsOf,
  isComponentType,
  keyOf,
  mapOf,
  referencesOf,
  type Component,
  type ComponentKey,
  type ComponentMap,
  type Desired,
  type Element,
  type Finding,
  type OrgConfig,
} from '../model';
import { override, remove } from '../metadata';
import { unusedOverrides, unresolvedRoots } from './problems';

/** What an org should hold, and what of its file points at nothing. */
export interface Composed {
  readonly desired: Desired;
  readonly findings: readonly Finding[];
}

/**
 * Composes what one org should hold: its channels, everything they reference (keysets, keys, queues, routing), the
 * deployments that serve them, and what its file includes - each with the org's overrides applied. A reference that the
 * source does not resolve is left to the rules.
 */
export function compose(source: ComponentMap, org: OrgConfig): Composed {
  const overridden = mapOf([...source.values()].map((component) => applyOverride(component, org)));
  const roots = rootsOf(overridden, org);
  const components = closure(overridden, roots, new Set(org.existing));
  const findings = [...unresolvedRoots(org, overridden), ...unusedOverrides(org, components)];
  return { desired: { org, components }, findings };
}

function applyOverride(component: Component, org: OrgConfig): Component {
  const stated = org.overrides.get(keyOf(component));
  if (!stated) return component;
  const kept = stated.removed.reduce<Element>((root, path) => remove(root, path), component.root);
  return { ...component, root: override(kept, stated.root) };
}

/** The channels, the deployments that serve them, and what the org file includes. */
function rootsOf(source: ComponentMap, org: OrgConfig): readonly ComponentKey[] {
  const channels = org.channels.map((name): ComponentKey => `MessagingChannel:${name}`);
  const deployments = componentsOf(source, 'EmbeddedServiceConfig')
    .filter((deployment) => referencesOf(deployment).some(({ name }) => org.channels.includes(name)))
    .map(keyOf);
  return [...channels, ...deployments, ...org.include];
}

/** The roots and everything they reference, by type and name, so that plans read the same for every org. */
function closure(source: ComponentMap, roots: readonly ComponentKey[], existing: ReadonlySet<string>): ComponentMap {
  const reached = new Set<ComponentKey>();
  const open = [...roots];
  for (let key = open.pop(); key; key = open.pop()) {
    const component = source.get(key);
    // What is said to be in the org already is referenced, never deployed.
    if (!component || reached.has(key) || existing.has(key)) continue;
    reached.add(key);
    open.push(...targetsOf(component));
  }
  return mapOf([...source.values()].filter((component) => reached.has(keyOf(component))).sort(byType));
}

/** In the order in which Salesforce needs them, then by name. */
const byType = (one: Component, other: Component): number =>
  COMPONENT_TYPES.indexOf(one.type) - COMPONENT_TYPES.indexOf(other.type) || (one.fullName < other.fullName ? -1 : 1);

const targetsOf = (component: Component): readonly ComponentKey[] =>
  referencesOf(component).flatMap(({ type, name }) => (isComponentType(type) ? [`${type}:${name}` as const] : []));
