import { strToU8, zipSync } from 'fflate';
import { parseComponentPath } from '../../local-org/metadata/component';

/** path in metadata format -> content */
export type Files = Readonly<Record<string, string>>;

/** Creates a zip of files. Adds a package.xml that lists them if there is none. */
export function packageOf(files: Files, version = '67.0'): Buffer {
  return zipOf({ 'package.xml': manifestOf(files, version), ...files });
}

export function zipOf(files: Files): Buffer {
  return Buffer.from(zipSync(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, strToU8(text)]))));
}

export function manifestOf(files: Files, version = '67.0'): string {
  const types: Record<string, string[]> = {};
  for (const path of Object.keys(files)) {
    const owner = parseComponentPath(path);
    if (owner && !types[owner.type.name]?.includes(owner.name)) (types[owner.type.name] ??= []).push(owner.name);
  }
  const listed = Object.entries(types)
    .map(([name, members]) => typesXml(name, members))
    .join('');
  return `<Package xmlns="http://soap.sforce.com/2006/04/metadata">${listed}<version>${version}</version></Package>`;
}

export function typesXml(name: string, members: readonly string[]): string {
  return `<types>${members.map((member) => `<members>${member}</members>`).join('')}<name>${name}</name></types>`;
}
