import { applyEdits, modify } from 'jsonc-parser';
import { parseOrgFiles } from '../project';
import { readJson } from '../files';
import { writeXml } from '../metadata';
import {
  isTrueAt,
  keyNamesOf,
  KEYS_ELEMENT,
  leaf,
  parent,
  withLeaf,
  withoutKey,
  type Component,
  type ComponentKey,
  type ComponentMap,
  type DesiredState,
} from '../model';
import type { TargetState, Rotation } from '../rotation';
import type { SourceEdits } from './source-files';
import { composeOrgs, sourceKey, type KeyProject } from './keyset';

/** A project as a step leaves it: the files to write, and the desired state of each org. */
export interface EditedProject {
  readonly files: SourceEdits;
  readonly source: ComponentMap;
  readonly orgs: readonly DesiredState[];
}

/** The edit of a step: the old key and the new key of one keyset. */
interface KeySwap {
  readonly keyset: string;
  readonly oldKey: string;
  readonly newKey: string | undefined;
  readonly targetState: TargetState;
  /** Whether the old key leaves the keyset: because it is deleted, or because Salesforce rejects it even as an inactive key. */
  readonly removeFromKeyset: boolean;
}

/** Makes the source declare what a step leads to. Files that declare it already are not edited. `textOf` reads an org file. */
export function editProject(
  project: KeyProject,
  rotation: Rotation,
  targetState: TargetState,
  removeFromKeyset: boolean,
  textOf: (file: string) => string,
): EditedProject {
  const swap = {
    keyset: rotation.keyset,
    oldKey: rotation.oldKey.name,
    newKey: rotation.newKey?.name,
    targetState,
    removeFromKeyset: removeFromKeyset || targetState === 'deleted',
  };
  const changed = changedComponents(project.source.components, swap);
  const source = new Map(
    [...project.source.components].flatMap(([key, component]): [ComponentKey, Component][] => {
      const after = changed.has(key) ? changed.get(key) : component;
      return after ? [[key, after]] : [];
    }),
  );
  const texts = orgFilesOf(project).map((file) => [file, editOrgFile(textOf(file), swap)] as const);
  const { orgs } = parseOrgFiles(new Map(texts));
  return {
    files: editedFiles(project.source.components, changed, texts, textOf),
    source,
    orgs: composeOrgs(source, orgs, project.compromised),
  };
}

/** The org files, and the file of shared values if an org has one of them. */
const orgFilesOf = ({ orgs }: KeyProject): readonly string[] => [
  ...new Set(orgs.flatMap(({ org }) => [org.file, ...[...org.origins.values()].map(({ file }) => file)])),
];

type ChangedComponents = ReadonlyMap<ComponentKey, Component | null>;

function editedFiles(
  source: ComponentMap,
  changed: ChangedComponents,
  texts: readonly (readonly [string, string])[],
  textOf: (file: string) => string,
): SourceEdits {
  const components = [...changed].flatMap(([key, component]): [string, string | null][] => {
    const file = source.get(key)?.root.origin?.file;
    return file === undefined ? [] : [[file, component && writeXml(component.root)]];
  });
  return new Map([...components, ...texts.filter(([file, text]) => text !== textOf(file))]);
}

/** The components that a step changes; null for one that it deletes. */
function changedComponents(source: ComponentMap, swap: KeySwap): ChangedComponents {
  const keyset = source.get(`PublicKeyCertificateSet:${swap.keyset}`);
  const old = source.get(`PublicKeyCertificate:${swap.oldKey}`);
  const next = swap.newKey === undefined ? undefined : sourceKey(source, swap.newKey);
  const changed = new Map<ComponentKey, Component | null>();
  if (keyset && updateKeyset(keyset, swap) !== keyset)
    changed.set(`PublicKeyCertificateSet:${swap.keyset}`, updateKeyset(keyset, swap));
  if (swap.targetState === 'staged' && next && !isTrueAt(next.root, 'isActive'))
    changed.set(`PublicKeyCertificate:${next.fullName}`, withActive(next, true));
  if (swap.targetState === 'retired' && old && isTrueAt(old.root, 'isActive'))
    changed.set(`PublicKeyCertificate:${old.fullName}`, withActive(old, false));
  if (swap.targetState === 'deleted' && old) changed.set(`PublicKeyCertificate:${old.fullName}`, null);
  return changed;
}

const withActive = (key: Component, isActive: boolean): Component => ({
  ...key,
  root: withLeaf(key.root, 'isActive', String(isActive)),
});

function updateKeyset(keyset: Component, swap: KeySwap): Component {
  const listed = keyNamesOf(keyset);
  if (addsNewKey(listed, swap)) return withKey(keyset, swap.newKey ?? '');
  return swap.removeFromKeyset && listed.includes(swap.oldKey) ? withoutKey(keyset, swap.oldKey) : keyset;
}

/** The new key is listed wherever the old one is. */
const addsNewKey = (listed: readonly string[], { targetState, oldKey, newKey }: KeySwap): boolean =>
  targetState === 'staged' && newKey !== undefined && listed.includes(oldKey) && !listed.includes(newKey);

function withKey({ root, ...rest }: Component, key: string): Component {
  const index = root.children.findLastIndex(({ name }) => name === KEYS_ELEMENT) + 1;
  const item = parent(KEYS_ELEMENT, [leaf('publicKeyCertificate', key)]);
  return {
    ...rest,
    root: { ...root, children: [...root.children.slice(0, index), item, ...root.children.slice(index)] },
  };
}

type Path = readonly (string | number)[];

/** The text of an org file with its overrides edited. Everything else keeps its formatting. */
function editOrgFile(text: string, swap: KeySwap): string {
  const list: Path = ['overrides', 'PublicKeyCertificateSet', swap.keyset, KEYS_ELEMENT];
  const listed = itemsAt(text, list).map((item) => (item as { publicKeyCertificate?: unknown }).publicKeyCertificate);
  const names = listed.filter((name): name is string => typeof name === 'string');
  if (addsNewKey(names, swap))
    return setJsonValue(text, [...list, listed.length], { publicKeyCertificate: swap.newKey }, true);
  const index = listed.indexOf(swap.oldKey);
  const unlisted = swap.removeFromKeyset && index >= 0 ? setJsonValue(text, [...list, index], undefined) : text;
  return deactivateInOverrides(unlisted, swap);
}

/** Removes overrides of the old key: one that sets it to active would undo the retirement, and one without a key is an error. */
function deactivateInOverrides(text: string, { targetState, oldKey }: KeySwap): string {
  const key: Path = ['overrides', 'PublicKeyCertificate', oldKey];
  if (targetState === 'deleted' && valueAt(text, key) !== undefined) return setJsonValue(text, key, undefined);
  return targetState === 'retired' && valueAt(text, [...key, 'isActive']) === true
    ? setJsonValue(text, [...key, 'isActive'], false)
    : text;
}

/** The text of a JSON file with one value set, or removed. Everything else keeps its formatting. */
export function setJsonValue(text: string, path: Path, value: unknown, isArrayInsertion = false): string {
  const formattingOptions = { insertSpaces: true, tabSize: 2, eol: '\n' };
  return applyEdits(text, modify(text, [...path], value, { formattingOptions, isArrayInsertion }));
}

const valueAt = (text: string, path: Path): unknown =>
  path.reduce<unknown>(
    (value, name) => (value as Record<string | number, unknown> | null | undefined)?.[name],
    readJson(text).value,
  );

function itemsAt(text: string, path: Path): readonly unknown[] {
  const value = valueAt(text, path);
  return Array.isArray(value) ? value : [];
}
