import { isComponentType, referencesOf, type Component, type ComponentMap, type Reference } from '../model';
import { locationOf } from './location';
import { error, violation, defineRules, type Violation } from './rule';
import { META_CHANNEL, META_KEYSET } from './sources';

export const REFERENCE_RULES = defineRules({
  'unresolved-reference': error(
    'Every referenced component exists.',
    `${META_CHANNEL}; ${META_KEYSET}; github.com/scolladon/sfdx-git-delta, issue 1035`,
  ),
});

/** Reports references to components that aren't in `components` or, as `Type:Name`, in `existing`. */
export const checkReferences = (components: ComponentMap, existing: ReadonlySet<string>): readonly Violation[] =>
  unresolvedReferences(components, existing).map(([component, reference]) => unresolvedViolation(component, reference));

/**
 * Reports unresolved references of the source alone. Types that the source never contains, such as flows, are checked per
 * org. A component that any org file lists under `existing` counts as existing.
 */
export const checkSourceReferences = (source: ComponentMap, existing: ReadonlySet<string>): readonly Violation[] =>
  unresolvedReferences(source, existing)
    .filter(([, { type }]) => isComponentType(type))
    .map(([component, reference]) => unresolvedViolation(component, reference));

const unresolvedReferences = (
  components: ComponentMap,
  existing: ReadonlySet<string>,
): readonly [Component, Reference][] =>
  [...components.values()].flatMap((component) =>
    referencesOf(component)
      .filter((reference) => !isResolved(reference, components, existing))
      .map((reference): [Component, Reference] => [component, reference]),
  );

const isResolved = ({ type, name }: Reference, components: ComponentMap, existing: ReadonlySet<string>): boolean =>
  existing.has(`${type}:${name}`) || (isComponentType(type) && components.has(`${type}:${name}`));

/** Salesforce rejects a channel whose keyset doesn't exist: "Required fields are missing: [AuthorizationConfigId]". */
function unresolvedViolation(component: Component, { path, type, name, element }: Reference): Violation {
  const root = locationOf(component);
  const location = { ...root, path, element, origin: element.origin ?? root.origin };
  const message = `${type}:${name} is referenced here, but neither the source nor the org file provides it. A deploy fails.`;
  const fix = `Add it to the source, or list "${type}:${name}" under "existing" in the file of each org that has it.`;
  return violation(REFERENCE_RULES['unresolved-reference'], location, message, fix);
}
