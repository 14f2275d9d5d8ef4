import { keyOf, type Component } from '../metadata/component';
import type { StoredComponent } from '../metadata/store';
import type { DeployOptions } from '../org/deployments';
import type { Org } from '../org/org';
import { asOfVersion } from './api-version';
import { inspect, referrersOf, type Problem, type Prospect } from './inspection';
import type { DeployPackage } from './package';

/** What a deployment would do, and what stands in its way. Nothing is written yet. */
export interface Transaction {
  readonly accepted: readonly Component[];
  readonly refused: ReadonlyMap<Component, readonly Problem[]>;
  readonly removed: readonly StoredComponent[];
  readonly undeletable: ReadonlyMap<StoredComponent, string>;
  readonly absent: readonly AbsentDeletion[];
  /** whether anything may be written at all */
  readonly ok: boolean;
}

/** A deletion of what is not there: a warning, no error. */
export interface AbsentDeletion {
  readonly fileName: string;
  readonly type: string;
  readonly name: string;
}

/** Works a deployment out: the package is one transaction, so everything is judged by how the org would be afterwards. */
export function workOut(org: Org, pack: DeployPackage, options: DeployOptions): Transaction {
  const { found, absent } = resolveDeletions(org, pack);
  const additions = pack.components.map((component) => asOfVersion(component, pack.version));
  const removed = found.map(({ component }) => component);
  const refused = refusals(org, additions, removed, options.rollbackOnError);
  const accepted = additions.filter((component) => !refused.has(component));
  const prospect = prospectOf(org, accepted, removed);
  const undeletable = stillNeeded(removed, prospect);
  const ok = refused.size === 0 && undeletable.size === 0 && pack.problems.length === 0;
  return { accepted, refused, removed, undeletable, absent, ok };
}

function resolveDeletions(org: Org, pack: DeployPackage) {
  const wanted = pack.deletions.flatMap(({ fileName, manifest, when }) =>
    manifest.types.flatMap(({ name: type, members }) => members.map((name) => ({ fileName, when, type, name }))),
  );
  const found: { component: StoredComponent; when: 'before' | 'after' }[] = [];
  const absent: AbsentDeletion[] = [];
  for (const { fileName, when, type, name } of wanted) {
    const component = org.metadata.find(type, name);
    if (component) found.push({ component, when });
    else absent.push({ fileName, type, name });
  }
  return { found, absent };
}

// Without rollback the good components of a package are kept, and a component is only good if it does without the bad
// ones: so the package is looked at again until no more fall out.
function refusals(org: Org, additions: readonly Component[], removed: readonly StoredComponent[], rollback: boolean) {
  const refused = new Map<Component, readonly Problem[]>();
  for (let before = -1; before !== refused.size;) {
    before = refused.size;
    const candidates = additions.filter((component) => !refused.has(component));
    const prospect = prospectOf(org, candidates, removed);
    for (const component of candidates) {
      const problems = inspect(component, org, prospect);
      if (problems.length > 0) refused.set(component, problems);
    }
    if (rollback) break;
  }
  return refused;
}

function prospectOf(org: Org, additions: readonly Component[], removed: readonly Component[]): Prospect {
  const prospect = new Map<string, Component>();
  for (const component of org.metadata.components) prospect.set(keyOf(component.type.name, component.name), component);
  for (const { type, name } of removed) prospect.delete(keyOf(type.name, name));
  for (const component of additions) prospect.set(keyOf(component.type.name, component.name), component);
  return prospect;
}

function stillNeeded(removed: readonly StoredComponent[], prospect: Prospect): Map<StoredComponent, string> {
  const needed = new Map<StoredComponent, string>();
  for (const component of removed) {
    if (prospect.has(keyOf(component.type.name, component.name))) continue;
    const referrers = referrersOf(component, prospect);
    if (referrers.length > 0) needed.set(component, inUse(component, referrers));
  }
  return needed;
}

// Salesforce's text for custom fields and asset files; that it says the same for these types is inferred.
function inUse(component: Component, referrers: readonly Component[]): string {
  const users = referrers.map(({ type, name }) => `${type.name} - ${name}`).join(', ');
  return `This ${component.type.name} is referenced elsewhere in salesforce.com. Remove the usage and try again. : ${users}.`;
}
