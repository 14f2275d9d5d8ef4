import { childNames, mainPath, parseComponentPath, type Component } from '../metadata/component';
import { tryParseDocument, type StoredComponent } from '../metadata/store';
import { findParentType, type MetadataType } from '../metadata/types';
import type { Org } from '../org/org';

/** A component that is an element in the file of another component, such as a label or a field. */
export interface ChildComponent {
  readonly type: string;
  readonly name: string;
  readonly owner: StoredComponent;
}

/** Returns a label or field of the org by its type and name. */
export function findChild(org: Org, type: string, name: string): ChildComponent | undefined {
  const ownerType = findParentType(type);
  const owner = org.metadata.ofType(ownerType?.name ?? '').find((component) => {
    const root = tryParseDocument(component);
    return root && childNames(component, root).some((child) => child.type === type && child.name === name);
  });
  return owner && { type, name, owner };
}

/**
 * Returns the file of a component after a deploy. A deploy adds and replaces the labels and fields in its file, and keeps all
 * others: only a destructive manifest deletes one. A file that contains only fields doesn't change the object. (Metadata API
 * guide, CustomLabels and CustomObject)
 */
export function withStoredChildren(path: string, before: Buffer, deployed: Buffer): Buffer {
  const type = parseComponentPath(path)?.type;
  if (!type || Object.keys(type.childTypes).length === 0) return deployed;
  const [stored, text] = [before.toString('utf8'), deployed.toString('utf8')];
  const kept = omittedBlocks(type, stored, text);
  const base = withoutBlocks(type, text);
  const hasOwnElements = /<[a-z]/i.test(contentOf(base));
  if (kept.length === 0 && hasOwnElements) return deployed;
  const owner = hasOwnElements || type.name === 'CustomLabels' ? base : withoutBlocks(type, stored);
  return Buffer.from(insertBlocks(owner, [...kept, ...blocksOf(type, text)]));
}

/** Returns the file of a component without a label or field. */
export function withoutChild(type: MetadataType, text: string, name: string): string {
  const removed = blocksOf(type, text).filter((block) => fullNameOf(block) === name.split('.').at(-1));
  return removed.reduce((result, block) => result.replace(block, ''), text);
}

/** The components that Salesforce deletes with a component: the records and layouts of a custom metadata type. */
export function ownedComponents(org: Org, { type, name }: Component): readonly StoredComponent[] {
  if (type.name !== 'CustomObject') return [];
  const prefixes = { CustomMetadata: `${name.replace(/__mdt$/, '')}.`, Layout: `${name}-` };
  return Object.entries(prefixes).flatMap(([owned, prefix]) =>
    org.metadata.ofType(owned).filter((component) => component.name.startsWith(prefix)),
  );
}

/** Returns the files of the components whose labels or fields are deleted. */
export function filesWithoutChildren(children: readonly ChildComponent[]): ReadonlyMap<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (const { name, owner } of children) {
    const path = mainPath(owner);
    const text = (files.get(path) ?? owner.files.get(path))?.toString('utf8') ?? '';
    files.set(path, Buffer.from(withoutChild(owner.type, text, name)));
  }
  return files;
}

function omittedBlocks(type: MetadataType, before: string, after: string): readonly string[] {
  const deployed = new Set(blocksOf(type, after).map(fullNameOf));
  return blocksOf(type, before).filter((block) => !deployed.has(fullNameOf(block)));
}

const blockPattern = ({ childTypes }: MetadataType): RegExp => {
  const names = Object.keys(childTypes).join('|');
  return new RegExp(`[ \\t]*<(${names})>[^]*?</\\1>\\n?`, 'g');
};

const blocksOf = (type: MetadataType, text: string): readonly string[] => text.match(blockPattern(type)) ?? [];
const withoutBlocks = (type: MetadataType, text: string): string => text.replace(blockPattern(type), '');
const fullNameOf = (block: string): string => /<fullName>([^<]*)</.exec(block)?.[1]?.trim() ?? '';

/** The text between the tags of the root element. */
const contentOf = (text: string): string =>
  text
    .slice(text.search(/<[A-Za-z]/))
    .replace(/^<[^>]*>/, '')
    .replace(/<\/[^>]*>\s*$/, '');

function insertBlocks(text: string, blocks: readonly string[]): string {
  const expanded = text.replace(/<([A-Za-z]+)([^>]*)\/>\s*$/, '<$1$2></$1>\n');
  const end = expanded.lastIndexOf('</');
  return `${expanded.slice(0, end)}${blocks.join('')}${expanded.slice(end)}`;
}
