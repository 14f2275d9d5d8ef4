import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { writeAtomic } from '../files';
import { writeXml } from '../metadata';
import {
  componentsOf,
  SOURCE_FOLDERS,
  type Component,
  type ComponentMap,
  elementAt,
  leaf,
  parent,
  type Element,
} from '../model';
import { readProjectFile } from '../project/project-file';
import { EXIT, ToolError, invalidFlagError } from '../errors';
import { jwkText, type PublicJwk } from './key-input';

/** Files to write, by path relative to the project; null removes one. */
export type SourceEdits = ReadonlyMap<string, string | null>;

export const readText = (project: string, file: string): string => readFileSync(join(project, file), 'utf8');

/** Writes each file whole or not at all: a run that is cut off leaves no half of one. A file that says the same is left alone. */
export function writeEdits(project: string, edits: SourceEdits): void {
  for (const [file, text] of edits) {
    const path = join(project, file);
    if (text === null) rmSync(path, { force: true });
    else if (!existsSync(path) || readFileSync(path, 'utf8') !== text) writeAtomic(path, text);
  }
}

/** Where the file of a key stands, or would stand: beside the other keys, else where the CLI puts one. */
export function keyFilePath(project: string, source: ComponentMap, fullName: string): string {
  const known = source.get(`PublicKeyCertificate:${fullName}`)?.root.origin?.file;
  if (known !== undefined) return known;
  const beside = componentsOf(source, 'PublicKeyCertificate')[0]?.root.origin?.file;
  const { folder, suffix } = SOURCE_FOLDERS.PublicKeyCertificate;
  const directory = readProjectFile(project).packageDirectories[0] ?? 'force-app';
  const directoryPath = beside === undefined ? `${directory}/main/default/${folder}` : dirname(beside);
  return `${directoryPath}/${fullName}.${suffix}-meta.xml`;
}

/** The edit that puts a component at its file. */
export const componentEdit = (file: string, { root }: Component): SourceEdits => new Map([[file, writeXml(root)]]);

/** Developer names of Salesforce: letters, digits and single underscores, a letter first, 80 characters at most. */
const DEVELOPER_NAME = /^(?!.*__)[A-Za-z](?:\w{0,78}[A-Za-z0-9])?$/;

/** Refuses what Salesforce takes for no developer name; it also becomes the name of a file. */
export function assertDeveloperName(name: string): void {
  if (DEVELOPER_NAME.test(name)) return;
  throw invalidFlagError(
    'The name of the key is no developer name.',
    'Salesforce takes letters, digits and single underscores, a letter first and no underscore last, up to 80.',
    'Name it like Customer_Identity_2027.',
  );
}

/** `Customer_Identity_2027` as a label. */
export const labelOf = (name: string): string => name.replaceAll('_', ' ');

/** A key as it stands in the source: active, so that it counts once a keyset lists it. */
export const keyComponent = (fullName: string, jwk: PublicJwk): Component => ({
  type: 'PublicKeyCertificate',
  fullName,
  root: parent('PublicKeyCertificate', [
    leaf('isActive', 'true'),
    leaf('jsonWebKey', jwkText(jwk)),
    leaf('masterLabel', labelOf(fullName).slice(0, 80)),
  ]),
});

/** The key with another JWK; everything else that its file states stays. */
export const withJwk = ({ root, ...rest }: Component, jwk: PublicJwk): Component => ({
  ...rest,
  root: withLeaf(root, 'jsonWebKey', jwkText(jwk)),
});

/** The element with another text in one of its leaves. Where there is none yet, it is put where Salesforce writes it. */
export function withLeaf(root: Element, name: string, text: string): Element {
  if (elementAt(root, name)) {
    return { ...root, children: root.children.map((child) => (child.name === name ? { ...child, text } : child)) };
  }
  const next = root.children.findIndex((child) => child.name > name);
  const index = next < 0 ? root.children.length : next;
  return { ...root, children: [...root.children.slice(0, index), leaf(name, text), ...root.children.slice(index)] };
}

/** Refuses a name for a new file that is taken: a file of the user's is never written over. */
export function assertNewFile(file: string, flag: string): void {
  const folder = dirname(resolve(file));
  if (!existsSync(folder)) {
    const why = `There is no folder ${folder}.`;
    throw new ToolError(
      'unreadable-file',
      { what: `${file} cannot be written.`, why, fix: `Make the folder, or name another file for ${flag}.` },
      { exit: EXIT.invalid },
    );
  }
  if (!existsSync(resolve(file))) return;
  throw new ToolError(
    'already-exists',
    { what: `${file} exists already.`, why: 'It is not written over.', fix: `Name another file for ${flag}.` },
    { exit: EXIT.invalid },
  );
}

/** Writes public text to the file that the user names; a new one, or one that this command writes again and again. */
export function writeOutput(file: string, text: string, kind: 'new' | 'overwrite'): void {
  try {
    writeFileSync(resolve(file), text, { flag: kind === 'new' ? 'wx' : 'w' });
  } catch (thrown) {
    const why = `The system says ${(thrown as NodeJS.ErrnoException).code ?? 'unknown'}.`;
    throw new ToolError(
      'unreadable-file',
      { what: `${file} cannot be written.`, why, fix: 'Name a file in a folder that you can write to.' },
      { exit: EXIT.invalid },
    );
  }
}
