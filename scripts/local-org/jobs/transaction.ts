import { componentKey, type Component } from '../metadata/component';
import type { StoredComponent } from '../metadata/store';
import type { DeployOptions } from '../org/deploy-jobs';
import type { Org } from '../org/org';
import { asOfVersion } from './api-version';
import { findChild, ownedComponents, type ChildComponent } from './child-components';
import { inspectComponent, findReferrers, type Problem, type PendingState } from './inspection';
import type { DeployPackage } from './package';

/** The changes and problems of a deploy that isn't committed yet. */
export interface Transaction {
  readonly accepted: readonly Component[];
  readonly rejected: ReadonlyMap<Component, readonly Problem[]>;
  readonly removed: readonly StoredComponent[];
  /** the labels and fields that are deleted; their file stays */
  readonly removedChildren: readonly ChildComponent[];
  readonly undeletable: ReadonlyMap<StoredComponent, string>;
  readonly absent: readonly AbsentDeletion[];
  /** whether there are no problems */
  readonly ok: boolean;
}

/** A deletion of a component that doesn't exist. It is a warning, not an error. */
export interface AbsentDeletion {
  readonly fileName: string;
  readonly type: string;
  readonly name: string;
}

/** Computes a deploy. A package is one transaction, so each component is checked against the state after the deploy. */
export function evaluateDeploy(org: Org, pack: DeployPackage, options: DeployOptions): Transaction {
  const { removed, removedChildren, absent } = resolveDeletions(org, pack);
  const additions = pack.components.map((component) => asOfVersion(component, pack.version));
  const rejected = findRejections(org, additions, removed, pack.version, options.rollbackOnError);
  const accepted = additions.filter((component) => !rejected.has(component));
  const pending = createPendingState(org, accepted, removed);
  const undeletable = findUndeletable(org, removed, pending);
  const ok = rejected.size === 0 && undeletable.size === 0 && pack.problems.length === 0;
  return { accepted, rejected, removed, removedChildren, undeletable, absent, ok };
}

function resolveDeletions(org: Org, pack: DeployPackage) {
  const deletions = pack.deletions.flatMap(({ fileName, manifest }) =>
    manifest.types.flatMap(({ name: type, members }) => members.map((name) => ({ fileName, type, name }))),
  );
  const removed: StoredComponent[] = [];
  const removedChildren: ChildComponent[] = [];
  const absent: AbsentDeletion[] = [];
  for (const { fileName, type, name } of deletions) {
    const component = org.metadata.find(type, name);
    const child = component ? undefined : findChild(org, type, name);
    if (component) removed.push(component, ...ownedComponents(org, component));
    else if (child) removedChildren.push(child);
    else absent.push({ fileName, type, name });
  }
  return { removed: [...new Set(removed)], removedChildren, absent };
}

// Without rollback, valid components are committed. A component that refers to a rejected component is invalid too, so the
// check is repeated until it rejects no more components.
function findRejections(
  org: Org,
  additions: readonly Component[],
  removed: readonly StoredComponent[],
  version: number,
  rollback: boolean,
) {
  const rejected = new Map<Component, readonly Problem[]>();
  for (let previousSize = -1; previousSize !== rejected.size;) {
    previousSize = rejected.size;
    const candidates = additions.filter((component) => !rejected.has(component));
    const pending = createPendingState(org, candidates, removed);
    for (const component of candidates) {
      const problems = inspectComponent(component, org, pending, version);
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

function findUndeletable(
  org: Org,
  removed: readonly StoredComponent[],
  pending: PendingState,
): Map<StoredComponent, string> {
  const undeletable = new Map<StoredComponent, string>();
  for (const component of removed) {
    if (pending.has(componentKey(component.type.name, component.name))) continue;
    if (component.record.active && org.assumptions.activeChannelDeletion === 'rejected')
      undeletable.set(component, "An active messaging channel can't be deleted.");
    const referrers = findReferrers(component, pending);
    if (referrers.length > 0) undeletable.set(component, inUseMessage(component, referrers));
  }
  return undeletable;
}

// Salesforce's message for custom fields and asset files. That it is the same for these types is inferred.
function inUseMessage(component: Component, referrers: readonly Component[]): string {
  const users = referrers.map(({ type, name }) => `${type.name} - ${name}`).join(', ');
  return `This ${component.type.name} is referenced elsewhere in salesforce.com. Remove the usage and try again. : ${users}.`;
}
