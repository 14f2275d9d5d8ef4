import { applyEdits, modify } from 'jsonc-parser';
import { readOrg } from '../config';
import { readJson } from '../json';
import { writeXml } from '../metadata';
import {
  childrenOf,
  isTrueAt,
  leaf,
  parent,
  textAt,
  type Component,
  type ComponentKey,
  type ComponentMap,
  type Desired,
} from '../model';
import type { Aim, Rotation } from '../rotation';
import { withLeaf } from './component';
import { composed, keyOfSource, keysOf, type KeyProject } from './keyset';
import type { SourceEdits } from './source-files';

/** A project as a step of a rotation leaves it: what to write, and what each org gets then. */
export interface Edited {
  readonly files: SourceEdits;
  readonly source: ComponentMap;
  readonly orgs: readonly Desired[];
}

/** What is edited: the key that goes and the one that comes, in one keyset. */
interface Turn {
  readonly keyset: string;
  readonly retiring: string;
  readonly next: string | undefined;
  readonly aim: Aim;
  /** Whether the old key leaves the lists: deleted, or no longer deployable even as an inactive one. */
  readonly unlist: boolean;
}

/** Makes the source say what a step is for. Where it does already, nothing is edited. `texts` reads the file of an org. */
export function editedFor(
  project: KeyProject,
  rotation: Rotation,
  aim: Aim,
  unlist: boolean,
  textOf: (file: string) => string,
): Edited {
  const turn = {
    keyset: rotation.keyset,
    retiring: rotation.retiring.name,
    next: rotation.next?.name,
    aim,
    unlist: unlist || aim === 'deleted',
  };
  const changed = editedComponents(project.source.components, turn);
  const source = new Map(
    [...project.source.components].flatMap(([key, component]): [ComponentKey, Component][] => {
      const after = changed.has(key) ? changed.get(key) : component;
      return after ? [[key, after]] : [];
    }),
  );
  const texts = project.orgs.map(({ org }) => [org.file, editedOrg(textOf(org.file), turn)] as const);
  const orgs = texts.flatMap(([file, text]) => readOrg(file, text).org ?? []);
  return { files: filesOf(project.source.components, changed, texts, textOf), source, orgs: composed(source, orgs) };
}

type Changed = ReadonlyMap<ComponentKey, Component | null>;

function filesOf(
  source: ComponentMap,
  changed: Changed,
  texts: readonly (readonly [string, string])[],
  textOf: (file: string) => string,
): SourceEdits {
  const components = [...changed].flatMap(([key, component]): [string, string | null][] => {
    const file = source.get(key)?.root.origin?.file;
    return file === undefined ? [] : [[file, component && writeXml(component.root)]];
  });
  return new Map([...components, ...texts.filter(([file, text]) => text !== textOf(file))]);
}

/** The components that a step changes; null for one that goes. */
function editedComponents(source: ComponentMap, turn: Turn): Changed {
  const keyset = source.get(`PublicKeyCertificateSet:${turn.keyset}`);
  const old = source.get(`PublicKeyCertificate:${turn.retiring}`);
  const next = turn.next === undefined ? undefined : keyOfSource(source, turn.next);
  const changed = new Map<ComponentKey, Component | null>();
  if (keyset && relisted(keyset, turn) !== keyset)
    changed.set(`PublicKeyCertificateSet:${turn.keyset}`, relisted(keyset, turn));
  if (turn.aim === 'staged' && next && !isTrueAt(next.root, 'isActive'))
    changed.set(`PublicKeyCertificate:${next.fullName}`, active(next, true));
  if (turn.aim === 'retired' && old && isTrueAt(old.root, 'isActive'))
    changed.set(`PublicKeyCertificate:${old.fullName}`, active(old, false));
  if (turn.aim === 'deleted' && old) changed.set(`PublicKeyCertificate:${old.fullName}`, null);
  return changed;
}

const active = (key: Component, is: boolean): Component => ({
  ...key,
  root: withLeaf(key.root, 'isActive', String(is)),
});

const LIST = 'publicKeyCertificateSetKeys';

function relisted(keyset: Component, turn: Turn): Component {
  const listed = keysOf(keyset);
  if (addsTo(listed, turn)) return withKey(keyset, turn.next ?? '');
  return turn.unlist && listed.includes(turn.retiring) ? withoutKey(keyset, turn.retiring) : keyset;
}

/** The new key stands wherever the old one does. */
const addsTo = (listed: readonly string[], { aim, retiring, next }: Turn): boolean =>
  aim === 'staged' && next !== undefined && listed.includes(retiring) && !listed.includes(next);

function withKey({ root, ...rest }: Component, key: string): Component {
  const at = root.children.findLastIndex(({ name }) => name === LIST) + 1;
  const item = parent(LIST, [leaf('publicKeyCertificate', key)]);
  return { ...rest, root: { ...root, children: [...root.children.slice(0, at), item, ...root.children.slice(at)] } };
}

/** The keyset without one of its keys. */
export function withoutKey({ root, ...rest }: Component, key: string): Component {
  const goes = new Set(childrenOf(root, LIST).filter((item) => textAt(item, 'publicKeyCertificate') === key));
  return { ...rest, root: { ...root, children: root.children.filter((child) => !goes.has(child)) } };
}

type Path = readonly (string | number)[];

/** The text of an org file with what its overrides say of the keys; everything else in it stays as it is written. */
function editedOrg(text: string, turn: Turn): string {
  const list: Path = ['overrides', 'PublicKeyCertificateSet', turn.keyset, LIST];
  const listed = itemsAt(text, list).map((item) => (item as { publicKeyCertificate?: unknown }).publicKeyCertificate);
  const names = listed.filter((name): name is string => typeof name === 'string');
  if (addsTo(names, turn)) return set(text, [...list, listed.length], { publicKeyCertificate: turn.next }, true);
  const at = listed.indexOf(turn.retiring);
  const unlisted = turn.unlist && at >= 0 ? set(text, [...list, at], undefined) : text;
  return switched(unlisted, turn);
}

/** An org that states of its own that the old key is active would keep it so; one that overrides a key without one is an error. */
function switched(text: string, { aim, retiring }: Turn): string {
  const key: Path = ['overrides', 'PublicKeyCertificate', retiring];
  if (aim === 'deleted' && valueAt(text, key) !== undefined) return set(text, key, undefined);
  return aim === 'retired' && valueAt(text, [...key, 'isActive']) === true
    ? set(text, [...key, 'isActive'], false)
    : text;
}

function set(text: string, path: Path, value: unknown, isArrayInsertion = false): string {
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
