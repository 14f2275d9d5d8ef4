import { COMPONENT_TYPES, keyOf, referencesOf, type Component, type ComponentKey, type ComponentMap } from '../model';
import { overrideOf, countValues } from './override-values';

/** The components that one org declares, and those that it only requires to exist. */
interface ImportShare {
  readonly components: ComponentMap;
  readonly existing: readonly string[];
}

/**
 * The components that go into the source. Each has the values of the org that leaves the fewest overrides to the other orgs; of
 * several such orgs, the first one. A mixture of orgs can be shorter, but no org ever ran it. A version that refers to a component
 * outside the source is used only if every version does, because a deploy of the source alone has to find everything.
 */
export function sharedComponents(shares: readonly ImportShare[], source: ComponentMap): ComponentMap {
  const variants = new Map<ComponentKey, Variant[]>();
  for (const { components, existing } of shares)
    for (const component of components.values()) {
      const key = keyOf(component);
      const complete = referencesOf(component).every(({ type, name }) => !existing.includes(`${type}:${name}`));
      if (!source.has(key)) variants.set(key, [...(variants.get(key) ?? []), { component, complete }]);
    }
  return new Map([...variants].sort(byTypeAndName).map(([key, each]) => [key, cheapestVariant(each)]));
}

/** The values that one org declares for a component. */
interface Variant {
  readonly component: Component;
  readonly complete: boolean;
}

type Entry = readonly [ComponentKey, readonly Variant[]];

/** As Salesforce needs them, then by name. */
const byTypeAndName = ([one]: Entry, [other]: Entry): number =>
  typeIndex(one) - typeIndex(other) || (one < other ? -1 : 1);
const typeIndex = (key: ComponentKey): number => COMPONENT_TYPES.findIndex((type) => key.startsWith(`${type}:`));

function cheapestVariant(variants: readonly Variant[]): Component {
  const complete = variants.filter((variant) => variant.complete);
  const candidates = complete.length > 0 ? complete : variants;
  const costs = candidates.map((base) => variants.reduce((sum, other) => sum + overrideCost(base, other), 0));
  const best = candidates[costs.indexOf(Math.min(...costs))];
  if (!best) throw new Error('A component that no org has.');
  return best.component;
}

const overrideCost = ({ component: { root, type } }: Variant, other: Variant): number =>
  countValues(overrideOf(root, other.component.root, type));
