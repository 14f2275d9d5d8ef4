import { COMPONENT_TYPES, keyOf, referencesOf, type Component, type ComponentKey, type ComponentMap } from '../model';
import { overrideOf, countValues } from './override-values';

/** What one org states, and what it leaves to itself. */
interface ImportShare {
  readonly components: ComponentMap;
  readonly existing: readonly string[];
}

/**
 * The components that go into the source, each as the org has it that leaves the fewest overrides to the others; of
 * several such the one that was named first. A mixture of orgs would be shorter at times, but nobody ever ran it. An org
 * whose version names what the source will not have is taken only where all do: a plain deployment has to find everything.
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

/** What one org states of a component. */
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
