import { isComponentType, referencesOf, type Component, type ComponentMap, type Reference } from '../model';
import { locationOf } from './location';
import { error, violation, defineRules, type Violation } from './rule';
import { META_CHANNEL, META_KEYSET } from './sources';

export const REFERENCE_RULES = defineRules({
  'unresolved-reference': error(
    'Everything that is named is there.',
    `${META_CHANNEL}; ${META_KEYSET}; github.com/scolladon/sfdx-git-delta, issue 1035`,
  ),
});

/** Every reference to something that is neither among the components nor, as `Type:Name`, said to exist already. */
export const checkReferences = (components: ComponentMap, existing: ReadonlySet<string>): readonly Violation[] =>
  unresolvedReferences(components, existing).map(([component, reference]) => unresolvedViolation(component, reference));

/**
 * The same for the source by itself. Types that the source never holds, such as flows, are left to the orgs; what any
 * org says to exist is taken to exist.
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

/** Salesforce answers "Required fields are missing: [AuthorizationConfigId]" to a channel whose keyset is not there. */
function unresolvedViolation(component: Component, { path, type, name, element }: Reference): Violation {
  const root = locationOf(component);
  const location = { ...root, path, element, origin: element.origin ?? root.origin };
  const message = `${type}:${name} is named here, but nothing provides it: the deployment would fail.`;
  const fix = `Add it to the source, or list "${type}:${name}" under "existing" of each org that has it already.`;
  return violation(REFERENCE_RULES['unresolved-reference'], location, message, fix);
}
