import { childNames, componentKey, mainPath, resultPath, type Component } from '../metadata/component';
import { tryParseDocument, type StoredComponent } from '../metadata/store';
import type { DeployMessage } from '../org/deploy-jobs';
import type { Org } from '../org/org';
import type { Problem } from './inspection';
import type { DeployPackage } from './package';
import type { Transaction } from './transaction';

/** Returns the messages of a deploy result: for the package, each component, and each deletion. */
export function deployMessages(org: Org, pack: DeployPackage, transaction: Transaction): DeployMessage[] {
  const at = org.now().toISOString();
  return [
    ...packageMessages(pack, at),
    ...transaction.accepted.flatMap((component) => acceptedMessages(org, pack, transaction, component, at)),
    ...inReportedOrder(org, transaction).flatMap(([component, problems]) =>
      problems.map((problem) => rejectedMessage(pack, component, problem, at)),
    ),
    ...deletionMessages(transaction, at),
  ];
}

/** The rejected components in the order of the package, or by name, if this org is set to that. */
function inReportedOrder({ assumptions }: Org, { rejected }: Transaction): [Component, readonly Problem[]][] {
  const inOrder = [...rejected];
  return assumptions.problemOrder === 'package'
    ? inOrder
    : inOrder.sort(([one], [other]) => one.name.localeCompare(other.name));
}

function packageMessages(pack: DeployPackage, at: string): DeployMessage[] {
  const failures = pack.problems.map(({ fileName, fullName, type, text, line, column }) => ({
    ...createMessage(type, fullName, pack.root + fileName, at),
    ...failureFields({ text, ...(line !== undefined && { line }), ...(column !== undefined && { column }) }),
  }));
  if (failures.some(({ fileName }) => fileName === `${pack.root}package.xml`)) return failures;
  return [...failures, { ...createMessage('', 'package.xml', `${pack.root}package.xml`, at), changed: true }];
}

function acceptedMessages(
  org: Org,
  pack: DeployPackage,
  transaction: Transaction,
  component: Component,
  at: string,
): DeployMessage[] {
  const { type, name } = component;
  const replaced = transaction.removed.some((other) => other.type === type && other.name === name);
  const existing = replaced ? undefined : org.metadata.find(type.name, name);
  const flags = { created: !existing, changed: !existing || !sameFiles(existing, component) };
  const path = pack.root + (type.layout === 'bundle' ? mainPath(component) : resultPath(component));
  const id = existing ? { id: existing.record.id } : {};
  const own = { ...createMessage(type.name, name, path, at), ...flags, ...id };
  return [own, ...childMessages(component, own)];
}

// Fields and labels have their own messages. Without them, the CLI doesn't find the files of decomposed components.
function childMessages(component: Component, own: DeployMessage): DeployMessage[] {
  const root = Object.keys(component.type.childTypes).length > 0 ? tryParseDocument(component) : undefined;
  if (!root) return [];
  const { id: _parentId, ...line } = own;
  return childNames(component, root).map(({ type, name }) => ({ ...line, componentType: type, fullName: name }));
}

function rejectedMessage(pack: DeployPackage, component: Component, problem: Problem, at: string): DeployMessage {
  return {
    ...createMessage(component.type.name, component.name, pack.root + mainPath(component), at),
    ...failureFields(problem),
  };
}

function deletionMessages(
  { removed, removedChildren, undeletable, absent, accepted }: Transaction,
  at: string,
): DeployMessage[] {
  const kept = new Set(accepted.map(({ type, name }) => componentKey(type.name, name)));
  const deleted = removed.filter(({ type, name }) => !kept.has(componentKey(type.name, name)));
  return [
    ...deleted.map((component) => deletionMessage(component, undeletable.get(component), at)),
    ...removedChildren.map(({ type, name, owner }) => ({
      ...createMessage(type, name, resultPath(owner), at),
      changed: true,
      deleted: true,
    })),
    ...absent.map(({ fileName, type, name }) => ({
      ...createMessage(type, fileName, fileName, at),
      problem: `No ${type} named: ${name} found`,
      problemType: 'Warning' as const,
    })),
  ];
}

function deletionMessage(component: StoredComponent, problem: string | undefined, at: string): DeployMessage {
  const line = {
    ...createMessage(component.type.name, component.name, resultPath(component), at),
    id: component.record.id,
  };
  return problem ? { ...line, ...failureFields({ text: problem }) } : { ...line, changed: true, deleted: true };
}

function createMessage(componentType: string, fullName: string, fileName: string, createdDate: string): DeployMessage {
  const flags = { success: true, created: false, changed: false, deleted: false };
  return { componentType, fullName, fileName, createdDate, ...flags };
}

function failureFields({ text, line, column }: Problem) {
  return {
    success: false,
    created: false,
    changed: false,
    problem: text,
    problemType: 'Error' as const,
    ...(line !== undefined && { lineNumber: line }),
    ...(column !== undefined && { columnNumber: column }),
  };
}

function sameFiles(existing: Component, component: Component): boolean {
  const paths = [...component.files];
  if (component.type.layout === 'bundle' && existing.files.size !== paths.length) return false;
  return paths.every(([path, content]) => existing.files.get(path)?.equals(content));
}
