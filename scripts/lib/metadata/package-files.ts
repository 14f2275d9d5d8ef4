import { childrenOf, DEPLOYED_TYPES, elementAt, groupBy, leaf, parent, SOURCE_FOLDERS, textAt } from '../model';
import type { Component, ComponentMap, ComponentType, Element, Origin } from '../model';
import { readXml } from './read-xml';
import type { XmlProblem } from './well-formed';
import { writeXml } from './write-xml';

/** The files of a metadata package by path, such as `classes/Base64Url.cls`. Binary files are buffers. */
export type PackageFiles = ReadonlyMap<string, string | Buffer>;

/** A component, or the reason why its file can't be read. */
export type ParsedComponent =
  | { readonly component: Component; readonly problem?: undefined }
  | { readonly component?: undefined; readonly name: string; readonly problem: XmlProblem };

const META_SUFFIX = '-meta.xml';

/** The types whose components are elements of the file of another component: its element, and the type of the file. */
const PARTS: Partial<Record<ComponentType, { readonly element: string; readonly root: string }>> = {
  CustomLabel: { element: 'labels', root: 'CustomLabels' },
  CustomField: { element: 'fields', root: 'CustomObject' },
};

/** The types with a metadata file and one file or several files of other content. */
const CONTENT_TYPES: ReadonlySet<ComponentType> = new Set(['ApexClass', 'StaticResource', 'LightningComponentBundle']);

/** Whether a component of a type has other files than its metadata file. */
export const hasContentFiles = (type: ComponentType): boolean => CONTENT_TYPES.has(type);

/** The path of a component's file in a package, e.g. `messagingChannels/Web_Chat.messagingChannel`. */
export function packagePath({ type, fullName }: Pick<Component, 'type' | 'fullName'>): string {
  const { folder, suffix } = SOURCE_FOLDERS[type];
  if (type === 'CustomLabel') return `${folder}/CustomLabels.${suffix}`;
  if (type === 'CustomField') return packagePath({ type: 'CustomObject', fullName: objectOf(fullName) });
  if (type === 'LightningComponentBundle') return `${folder}/${fullName}/${fullName}.js`;
  return `${folder}/${fullName}.${suffix}`;
}

const objectOf = (field: string): string => field.slice(0, field.indexOf('.'));

/** The files of components. The labels of a project are in one file, as are the fields of an object. */
export function packageFiles(components: ComponentMap): PackageFiles {
  const byPath = groupBy([...components.values()], packagePath);
  return new Map([...byPath].flatMap(([path, [first, ...others]]) => filesAt(path, first, others)));
}

function filesAt(path: string, first: Component, others: readonly Component[]): readonly [string, string | Buffer][] {
  if (PARTS[first.type] || others.length > 0) return [[path, writeXml(withParts([first, ...others]))]];
  if (!hasContentFiles(first.type)) return [[path, writeXml(first.root)]];
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const meta = { ...first.root, children: first.root.children.filter(({ name }) => name !== 'files') };
  const contents = childrenOf(first.root, 'files').map((file): [string, string | Buffer] => [
    folder + (textAt(file, 'path') ?? ''),
    readContent(file),
  ]);
  return [...contents, [path + META_SUFFIX, writeXml(meta)]];
}

/** The root of a file that several components share: the object with its fields, or the labels. */
function withParts(components: readonly [Component, ...Component[]]): Element {
  const owner = components.find(({ type }) => !PARTS[type]);
  const part = PARTS[components.find(({ type }) => PARTS[type])?.type ?? 'CustomLabel'];
  const items = components
    .filter(({ type }) => PARTS[type])
    .map(({ root }) => ({ ...root, name: part?.element ?? '', attributes: {} }));
  return parent(part?.root ?? '', sortByName([...(owner?.root.children ?? []), ...items]));
}

/** Salesforce writes the elements of a file in the order of their names. */
const sortByName = (elements: readonly Element[]): readonly Element[] =>
  [...elements].sort((one, other) => (one.name < other.name ? -1 : Number(one.name > other.name)));

/** The components in the files of a package. Files of other types are ignored. */
export function parsePackageFiles(files: ReadonlyMap<string, Buffer>): readonly ParsedComponent[] {
  const paths = [...files.keys()].sort();
  return DEPLOYED_TYPES.flatMap((type) => {
    if (type === 'CustomField') return [];
    const pattern = pathPattern(type);
    const names = new Set(paths.flatMap((path) => pattern.exec(path)?.[1] ?? []));
    return [...names].flatMap((fullName) => parseComponent(type, fullName, files));
  });
}

/** Matches the paths of the metadata files of a type. Its group is the name of the component. */
function pathPattern(type: ComponentType): RegExp {
  const { folder, suffix } = SOURCE_FOLDERS[type];
  const isBundle = type === 'LightningComponentBundle';
  return new RegExp(
    isBundle
      ? `^${folder}/(.+)/[^/]+${META_SUFFIX}$`
      : `^${folder}/(.+)\\.${suffix}${hasContentFiles(type) ? META_SUFFIX : ''}$`,
  );
}

function parseComponent(
  type: ComponentType,
  fullName: string,
  files: ReadonlyMap<string, Buffer>,
): readonly ParsedComponent[] {
  const path = packagePath({ type, fullName }) + (hasContentFiles(type) ? META_SUFFIX : '');
  const { root, problem } = readXml(files.get(path)?.toString('utf8') ?? '');
  if (problem) return [{ name: `${type}:${fullName}`, problem }];
  if (!hasContentFiles(type))
    return splitParts({ type, fullName: componentName(type, fullName), root }).map((component) => ({ component }));
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const contents = contentPaths(type, path, [...files.keys()]).map((each) => ({
    path: each.slice(folder.length),
    bytes: files.get(each) ?? Buffer.alloc(0),
  }));
  return [{ component: withContents({ type, fullName, root }, contents) }];
}

/**
 * The name in the file name of a component. The spaces in the name of a layout are encoded, so that keys contain none. Salesforce
 * and the CLI accept both spellings (source-deploy-retrieve, DecodeableMap).
 */
export const componentName = (type: ComponentType, name: string): string =>
  type === 'Layout' ? encodeURIComponent(decodeURIComponent(name)) : name;

const contentPaths = (type: ComponentType, metaPath: string, paths: readonly string[]): readonly string[] => {
  const folder = metaPath.slice(0, metaPath.lastIndexOf('/') + 1);
  const content = metaPath.slice(0, -META_SUFFIX.length);
  if (type !== 'LightningComponentBundle') return paths.filter((path) => path === content);
  return paths.filter((path) => path.startsWith(folder) && path !== metaPath).sort();
};

/** A file of a component that isn't metadata: its path in the folder of the metadata file, and its file in the project. */
export interface ContentFile {
  readonly path: string;
  readonly bytes: Buffer;
  readonly origin?: Origin;
}

/** Adds the content files to a component that was read from its metadata file. */
export function withContents(component: Component, contents: readonly ContentFile[]): Component {
  const items = contents.map(({ path, bytes, origin }) =>
    parent('files', [leaf('path', path, origin), contentElement(bytes)], origin),
  );
  return { ...component, root: { ...component.root, text: '', children: [...component.root.children, ...items] } };
}

/** Characters that XML can't contain. */
const NOT_XML = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;

/** Line endings depend on the machine that deployed a file, so they are never a difference. */
function contentElement(content: Buffer): Element {
  const text = content.toString('utf8');
  const isText = Buffer.from(text).equals(content) && !NOT_XML.test(text);
  if (isText) return leaf('content', text.replace(/\r\n?/g, '\n'));
  return { ...leaf('content', content.toString('base64')), attributes: { encoding: 'base64' } };
}

function readContent(file: Element): string | Buffer {
  const content = elementAt(file, 'content');
  const text = content?.text ?? '';
  return content?.attributes['encoding'] === 'base64' ? Buffer.from(text, 'base64') : text;
}

/** The fields of an object, and the labels of the file of CustomLabels, as components of their own. */
export function splitParts(component: Component): readonly Component[] {
  const parts = Object.entries(PARTS).filter(([, { root }]) => root === component.root.name);
  return parts.length === 0
    ? [component]
    : parts.flatMap(([type, { element }]) => split(component, type as ComponentType, element));
}

function split(component: Component, type: ComponentType, element: string): readonly Component[] {
  const { fullName: owner, root } = component;
  const items = childrenOf(root, element).map((item): Component => {
    const name = textAt(item, 'fullName') ?? '';
    return { type, fullName: type === 'CustomField' ? `${owner}.${name}` : name, root: { ...item, name: type } };
  });
  if (type === 'CustomLabel') return items;
  return [
    { ...component, root: { ...root, children: root.children.filter(({ name }) => name !== element) } },
    ...items,
  ];
}
