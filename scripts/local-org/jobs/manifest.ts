import { children, childText, parseXml, type XmlElement } from '../metadata/xml';

/** The content of a package.xml or destructiveChanges.xml. */
export interface Manifest {
  readonly version: number | undefined;
  readonly types: readonly ManifestType[];
}

export interface ManifestType {
  readonly name: string;
  readonly members: readonly string[];
}

/** Parses a manifest. Throws MalformedXml. */
export function parseManifest(source: string): Manifest {
  return readManifestElement(parseXml(source));
}

/** Reads a Package element. A retrieve request contains one. */
export function readManifestElement(root: XmlElement): Manifest {
  const version = childText(root, 'version');
  return {
    version: version === undefined ? undefined : Number(version),
    types: children(root, 'types').map((type) => ({
      name: childText(type, 'name') ?? '',
      members: children(type, 'members').map((member) => member.text.trim()),
    })),
  };
}

/** Writes the package.xml of retrieved components. */
export function manifestXml(types: ReadonlyMap<string, readonly string[]>, version: number): string {
  const blocks = [...types].map(
    ([name, members]) =>
      `    <types>\n${members.map((member) => `        <members>${member}</members>\n`).join('')}` +
      `        <name>${name}</name>\n    </types>\n`,
  );
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n<Package xmlns="http://soap.sforce.com/2006/04/metadata">\n' +
    `${blocks.join('')}    <version>${version.toFixed(1)}</version>\n</Package>\n`
  );
}
