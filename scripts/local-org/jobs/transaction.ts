import { componentKey, type Component } from '../metadata/component';
import type { StoredComponent } from '../metadata/store';
import type { DeployOptions } from '../org/deploy-jobs';
import type { Org } from '../org/org';
import { asOfVersion } from './api-version';
import { inspectComponent, findReferrers, type Problem, type PendingState } from './inspection';
import type { DeployPackage } from './package';

/** What a deployment would do, and what stands in its way. Nothing is written yet. */
export interface Transaction {
  readonly accepted: readonly Component[];
  readonly rejected: ReadonlyMap<Component, readonly Problem[]>;
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
export function evaluateDeploy(org: Org, pack: DeployPackage, options: DeployOptions): Transaction {
  const { found, absent } = resolveDeletions(org, pack);
  const additions = pack.components.map((component) => asOfVersion(component, pack.version));
  const removed = found.map(({ component }) => component);
  const rejected = findRejections(org, additions, removed, options.rollbackOnError);
  const accepted = additions.filter((component) => !rejected.has(component));
  const pending = createPendingState(org, accepted, removed);
  const undeletable = findUndeletable(removed, pending);
  const ok = rejected.size === 0 && undeletable.size === 0 && pack.problems.length === 0;
  return { accepted, rejected, removed, undeletable, absent, ok };
}

function resolveDeletions(org: Org, pack: DeployPackage) {
  const deletions = pack.deletions.flatMap(({ fileName, manifest, when }) =>
    manifest.types.flatMap(({ name: type, members }) => members.map((name) => ({ fileName, when, type, name }))),
  );
  const found: { component: StoredComponent; when: 'before' | 'after' }[] = [];
  const absent: AbsentDeletion[] = [];
  for (const { fileName, when, type, name } of deletions) {
    const component = org.metadata.find(type, name);
    if (component) found.push({ component, when });
    else absent.push({ fileName, type, name });
  }
  return { found, absent };
}

// Without rollback the good components of a package are kept, and a component is only good if it does without the bad
// ones: so the package is looked at again until no more fall out.
function findRejections(
  org: Org,
  additions: readonly Component[],
  removed: readonly StoredComponent[],
  rollback: boolean,
) {
  const rejected = new Map<Component, readonly Problem[]>();
  for (let previousSize = -1; previousSize !== rejected.size;) {
    previousSize = rejected.size;
    const candidates = additions.filter((component) => !rejected.has(component));
    const pending = createPendingState(org, candidates, removed);
    for (const component of candidates) {
      const problems = inspectComponent(component, org, pending);
      if (problems.length > 0) rejected.set(component, problems);
    }
    if (rollback) break;
  }
  return rejected;
}

function createPendingState(org: Org, additions: readonly Component[], removed: readonly Component[]): PendingState {
  const pending = new Map<string, Component>();
  for (const component of org.metadata.components)
    pending.set(componentKey(component.type.name, component.name), component);
  for (const { type, name } of removed) pending.delete(componentKey(type.name, name));
  for (const component of additions) pending.set(componentKey(component.type.name, component.name), component);
  return pending;
}

function findUndeletable(removed: readonly StoredComponent[], pending: PendingState): Map<StoredComponent, string> {
  const undeletable = new Map<StoredComponent, string>();
  for (const component of removed) {
    if (pending.has(componentKey(component.type.name, component.name))) continue;
    const referrers = findReferrers(component, pending);
    if (referrers.length > 0) undeletable.set(component, inUseMessage(component, referrers));
  }
  return undeletable;
}

// Salesforce's text for custom fields and asset files; that it says the same for these types is inferred.
function inUseMessage(component: Component, referrers: readonly Component[]): string {
  const users = referrers.map(({ type, name }) => `${type.name} - ${name}`).join(', ');
  return `This ${component.type.name} is referenced elsewhere in salesforce.com. Remove the usage and try again. : ${users}.`;
}
