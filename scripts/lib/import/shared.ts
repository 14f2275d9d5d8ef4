import { COMPONENT_TYPES, keyOf, referencesOf, type Component, type ComponentKey, type ComponentMap } from '../model';
import { overrideOf, sizeOf } from './difference';

/** What one org states, and what it leaves to itself. */
interface Share {
  readonly components: ComponentMap;
  readonly existing: readonly string[];
}

/**
 * The components that go into the source, each as the org has it that leaves the fewest overrides to the others; of
 * several such the one that was named first. A mixture of orgs would be shorter at times, but nobody ever ran it. An org
 * whose version names what the source will not have is taken only where all do: a plain deployment has to find everything.
 */
export function sharedOf(shares: readonly Share[], source: ComponentMap): ComponentMap {
  const variants = new Map<ComponentKey, Variant[]>();
  for (const { components, existing } of shares)
    for (const component of components.values()) {
      const key = keyOf(component);
      const complete = referencesOf(component).every(({ type, name }) => !existing.includes(`${type}:${name}`));
      if (!source.has(key)) variants.set(key, [...(variants.get(key) ?? []), { component, complete }]);
    }
  return new Map([...variants].sort(inOrder).map(([key, each]) => [key, nearestToAll(each)]));
}

/** What one org states of a component. */
interface Variant {
  readonly component: Component;
  readonly complete: boolean;
}

type Entry = readonly [ComponentKey, readonly Variant[]];

/** As Salesforce needs them, then by name. */
const inOrder = ([one]: Entry, [other]: Entry): number => placeOf(one) - placeOf(other) || (one < other ? -1 : 1);
const placeOf = (key: ComponentKey): number => COMPONENT_TYPES.findIndex((type) => key.startsWith(`${type}:`));

function nearestToAll(variants: readonly Variant[]): Component {
  const complete = variants.filter((variant) => variant.complete);
  const candidates = complete.length > 0 ? complete : variants;
  const costs = candidates.map((base) => variants.reduce((sum, other) => sum + costOf(base, other), 0));
  const best = candidates[costs.indexOf(Math.min(...costs))];
  if (!best) throw new Error('A component that no org has.');
  return best.component;
}

const costOf = ({ component: { root, type } }: Variant, other: Variant): number =>
  sizeOf(overrideOf(root, other.component.root, type));
