import { findTypeByDirectory, type MetadataType } from './types';
import { children, childText, type XmlElement } from './xml';

/** The type and name of a component. */
export interface ComponentName {
  readonly type: MetadataType;
  readonly name: string;
}

/** A component with its files: path -> content. */
export interface Component extends ComponentName {
  readonly files: ReadonlyMap<string, Buffer>;
}

/** Identifies a component. Salesforce ignores case in names. */
export function componentKey(type: string, name: string): string {
  return `${type}:${name.toLowerCase()}`;
}

/** Returns the component that a path in metadata format belongs to; undefined for other files. */
export function parseComponentPath(path: string): ComponentName | undefined {
  const [directory = '', ...rest] = path.split('/');
  const type = findTypeByDirectory(directory);
  if (!type || rest.length === 0) return undefined;
  const name = type.layout === 'bundle' ? bundleName(type, rest) : fileName(type, rest.join('/'));
  return name ? { type, name } : undefined;
}

/** Groups files by component, in the order of each component's first file. */
export function groupComponents(files: ReadonlyMap<string, Buffer>): Component[] {
  const components = new Map<string, ComponentName & { files: Map<string, Buffer> }>();
  for (const [path, content] of files) {
    const owner = parseComponentPath(path);
    if (!owner) continue;
    const key = componentKey(owner.type.name, owner.name);
    const component = components.get(key) ?? { ...owner, files: new Map<string, Buffer>() };
    components.set(key, component);
    component.files.set(path, content);
  }
  return [...components.values()];
}

/** The file with the component's metadata: its only file, or the -meta.xml of the content. */
export function mainPath(component: Component): string {
  const paths = [...component.files.keys()];
  return paths.find((path) => path.endsWith('-meta.xml')) ?? paths[0] ?? '';
}

/** The file in a deploy result: the content, not its -meta.xml. */
export function resultPath(component: Component): string {
  const paths = [...component.files.keys()];
  return paths.find((path) => !path.endsWith('-meta.xml')) ?? paths[0] ?? '';
}

/** The components inside a component, such as the fields of an object: "CustomField", "Order__c.Number__c". */
export function childNames(component: ComponentName, root: XmlElement): { type: string; name: string }[] {
  const prefix = component.type.name === 'CustomLabels' ? '' : `${component.name}.`;
  return Object.entries(component.type.childTypes).flatMap(([element, type]) =>
    children(root, element).flatMap((entry) => {
      const name = childText(entry, 'fullName');
      return name ? [{ type, name: prefix + name }] : [];
    }),
  );
}

function fileName(type: MetadataType, file: string): string | undefined {
  const plain = file.replace(/-meta\.xml$/, '');
  return plain.endsWith(`.${type.suffix}`) ? plain.slice(0, -type.suffix.length - 1) : undefined;
}

// The name of a site bundle has two folders. The name of any other bundle is its folder.
function bundleName(type: MetadataType, rest: readonly string[]): string | undefined {
  if (type.name === 'DigitalExperienceBundle') return rest.length > 2 ? rest.slice(0, 2).join('/') : undefined;
  if (rest.length > 1) return rest[0];
  return type.name === 'ExperienceBundle' ? rest[0]?.replace(/\.site(-meta\.xml)?$/, '') : undefined;
}
