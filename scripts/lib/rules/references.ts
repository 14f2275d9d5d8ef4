import {
  isComponentType,
  orgReferencesOf,
  referencesOf,
  sfCommand,
  type Component,
  type ComponentMap,
  type Reference,
  type UndeployedComponents,
} from '../model';
import { locationOf, type SourceLocation } from './location';
import { error, violation, defineRules, warning, type Violation } from './rule';
import { META_CHANNEL, META_KEYSET } from './sources';

export const REFERENCE_RULES = defineRules({
  'unresolved-reference': error(
    'Every referenced component exists.',
    `${META_CHANNEL}; ${META_KEYSET}; github.com/scolladon/sfdx-git-delta, issue 1035`,
  ),
  'ignored-reference': error(
    'A referenced component that .forceignore excludes is listed under "existing".',
    'Salesforce DX Developer Guide, .forceignore',
  ),
  'undeployed-reference': warning(
    'A referenced component of a type that isn\'t deployed is listed under "existing".',
    META_CHANNEL,
  ),
});

/**
 * Reports references to components that aren't in `components` or, as `Type:Name`, in `existing`. A component whose file has an
 * error of its own isn't reported again.
 */
export const checkReferences = (
  components: ComponentMap,
  existing: ReadonlySet<string>,
  undeployed: UndeployedComponents,
): readonly Violation[] =>
  [...components.values()].flatMap((component) =>
    referencesOf(component)
      .filter((reference) => !isResolved(reference, components, existing))
      .flatMap((reference) => unresolvedViolation(component, reference, undeployed))
      .concat(botViolations(component, existing, undeployed)),
  );

/** A bot is never deployed, so a channel only works in an org that has it. plan looks it up. */
const botViolations = (
  component: Component,
  existing: ReadonlySet<string>,
  undeployed: UndeployedComponents,
): readonly Violation[] =>
  orgReferencesOf(component)
    .filter(({ type, name }) => type === 'Bot' && !existing.has(`${type}:${name}`))
    .map((reference) => {
      const key = `${reference.type}:${reference.name}`;
      return undeployedViolation(referenceLocation(component, reference), key, undeployed.get(key)?.file);
    });

const isResolved = ({ type, name }: Reference, components: ComponentMap, existing: ReadonlySet<string>): boolean =>
  existing.has(`${type}:${name}`) || (isComponentType(type) && components.has(`${type}:${name}`));

/** Salesforce rejects a channel whose keyset doesn't exist: "Required fields are missing: [AuthorizationConfigId]". */
function unresolvedViolation(
  component: Component,
  reference: Reference,
  undeployed: UndeployedComponents,
): readonly Violation[] {
  const key = `${reference.type}:${reference.name}`;
  const location = referenceLocation(component, reference);
  const cause = undeployed.get(key);
  if (cause?.reason === 'unreadable') return [];
  if (cause?.reason === 'ignored') return [ignoredViolation(location, key, cause.file)];
  if (cause) return [undeployedViolation(location, key, cause.file)];
  const message = `${key} is referenced here, but neither the source nor the org file provides it. A deploy fails.`;
  const fix = `Add it to the source, or list "${key}" under "existing" in the file of each org that has it.`;
  return [violation(REFERENCE_RULES['unresolved-reference'], location, message, fix)];
}

function referenceLocation(component: Component, { path, element }: Reference): SourceLocation {
  const root = locationOf(component);
  return { ...root, path, element, origin: element.origin ?? root.origin };
}

function ignoredViolation(location: SourceLocation, key: string, file: string): Violation {
  const message = `${key} is referenced here, but .forceignore excludes ${file}, so no org receives it.`;
  const fix = `Remove the pattern from .forceignore, or ${existingHint(key)}`;
  return violation(REFERENCE_RULES['ignored-reference'], location, message, fix);
}

function undeployedViolation(location: SourceLocation, key: string, file: string | undefined): Violation {
  const where = file === undefined ? 'These' : `The project contains it (${file}), but these`;
  const message = `${key} is referenced here. ${where} commands don't deploy its type, so each org must have it already. plan looks it up.`;
  const deploy = sfCommand('project', 'deploy', 'start', '--metadata', key, '--target-org', 'ALIAS');
  const add = existingHint(key);
  const fix = file === undefined ? `If the org has it, ${add}` : `Deploy it to the org with ${deploy}, and ${add}`;
  return violation(REFERENCE_RULES['undeployed-reference'], location, message, fix);
}

const existingHint = (key: string): string =>
  `add this line to the file of each org that has it: "existing": ["${key}"].`;
