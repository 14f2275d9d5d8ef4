import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { readRegularFile, writeAtomic } from '../files';
import { writeXml } from '../metadata';
import {
  componentsOf,
  SOURCE_FOLDERS,
  type Component,
  type ComponentMap,
  type ComponentType,
  leaf,
  parent,
  withLeaf,
} from '../model';
import { readProjectFile } from '../project';
import { asToolError, EXIT, ToolError, invalidFlagError } from '../errors';
import { jwkText, type PublicJwk } from './key-input';

/** Files to write, by path relative to the project; null removes one. */
export type SourceEdits = ReadonlyMap<string, string | null>;

export const readText = (project: string, file: string): string => readRegularFile(join(project, file));

/**
 * Writes each file whole or not at all: an interrupted run leaves no partial file. A file with equal content isn't written.
 * Throws `replaced-text` before it writes anything if a file contains a text that sfdx-project.json replaces, because the
 * value of one environment would become the source of all.
 */
export function writeEdits(project: string, edits: SourceEdits): void {
  for (const file of edits.keys()) assertNotReplaced(project, file);
  for (const [file, text] of edits) {
    const path = join(project, file);
    if (text === null) rmSync(path, { force: true });
    else if (!existsSync(path) || readFileSync(path, 'utf8') !== text) writeAtomic(path, text);
  }
}

function assertNotReplaced(project: string, file: string): void {
  const path = join(project, file);
  if (!file.endsWith('-meta.xml') || !existsSync(path)) return;
  if (!readProjectFile(project).replacements.apply(path, readFileSync(path)).isChanged) return;
  throw new ToolError(
    'replaced-text',
    {
      what: `${file} can't be rewritten. No file was changed.`,
      why: 'sfdx-project.json replaces a text in it, so its content depends on the environment.',
      fix: `Declare the value for each org under "overrides" in its org file, and remove the replacement of ${file}.`,
    },
    { exit: EXIT.invalid },
  );
}

/** Returns the file of a key; for a new key, in the folder of the other keys, or in the default folder of the CLI. */
export const keyFilePath = (project: string, source: ComponentMap, fullName: string): string =>
  componentFilePath(project, source, 'PublicKeyCertificate', fullName);

/**
 * Returns the file of a component; for a new one, in the folder of the others of its type, or in the default folder of the CLI.
 */
export function componentFilePath(
  project: string,
  source: ComponentMap,
  type: ComponentType,
  fullName: string,
): string {
  const known = source.get(`${type}:${fullName}`)?.root.origin?.file;
  if (known !== undefined) return known;
  const sibling = componentsOf(source, type)[0]?.root.origin?.file;
  const { folder, suffix } = SOURCE_FOLDERS[type];
  const directory = readProjectFile(project).packageDirectories[0] ?? 'force-app';
  const directoryPath = sibling === undefined ? `${directory}/main/default/${folder}` : dirname(sibling);
  return `${directoryPath}/${fullName}.${suffix}-meta.xml`;
}

/** Returns the edit that writes a component to a file. */
export const componentEdit = (file: string, { root }: Component): SourceEdits => new Map([[file, writeXml(root)]]);

/** A Salesforce developer name. */
const DEVELOPER_NAME = /^(?!.*__)[A-Za-z](?:\w{0,78}[A-Za-z0-9])?$/;

/** Throws if a name isn't a developer name. The name also becomes a file name. `of` says what has the name, such as `key`. */
export function assertDeveloperName(name: string, of = 'key'): void {
  if (DEVELOPER_NAME.test(name)) return;
  throw invalidFlagError(
    `The name of the ${of} isn't a valid developer name: ${JSON.stringify(name)}.`,
    'A developer name has up to 80 letters, digits and single underscores. It starts with a letter and ends without an underscore.',
    `Use a name such as ${of === 'key' ? 'Customer_Identity_2027' : 'Customer_Chat'}.`,
  );
}

/** `Customer_Identity_2027` as a label. */
export const labelOf = (name: string): string => name.replaceAll('_', ' ');

/** Returns an active key, so that it is trusted as soon as a keyset lists it. */
export const keyComponent = (fullName: string, jwk: PublicJwk): Component => ({
  type: 'PublicKeyCertificate',
  fullName,
  root: parent('PublicKeyCertificate', [
    leaf('isActive', 'true'),
    leaf('jsonWebKey', jwkText(jwk)),
    leaf('masterLabel', labelOf(fullName).slice(0, 80)),
  ]),
});

/** Returns the key with another JWK and all its other elements unchanged. */
export const withJwk = ({ root, ...rest }: Component, jwk: PublicJwk): Component => ({
  ...rest,
  root: withLeaf(root, 'jsonWebKey', jwkText(jwk)),
});

/** Throws if a new file already exists or its folder doesn't: a file of the user is never overwritten. */
export function assertNewFile(file: string, flag: string): void {
  const folder = dirname(resolve(file));
  if (!existsSync(folder)) {
    const why = `The folder ${folder} doesn't exist.`;
    throw new ToolError(
      'unreadable-file',
      { what: `${file} can't be written.`, why, fix: `Create the folder, or specify another file for ${flag}.` },
      { exit: EXIT.invalid },
    );
  }
  if (!existsSync(resolve(file))) return;
  throw new ToolError(
    'already-exists',
    {
      what: `${file} already exists.`,
      why: 'Existing files are never overwritten.',
      fix: `Specify another file for ${flag}.`,
    },
    { exit: EXIT.invalid },
  );
}

/** Writes public text to a file of the user: a new file, or one that the command overwrites on each run. */
export function writeOutput(file: string, text: string, kind: 'new' | 'overwrite'): void {
  try {
    writeFileSync(resolve(file), text, { flag: kind === 'new' ? 'wx' : 'w' });
  } catch (thrown) {
    const { why } = asToolError(thrown);
    throw new ToolError(
      'unreadable-file',
      { what: `${file} can't be written.`, why, fix: 'Specify a file in a folder that you can write to.' },
      { exit: EXIT.invalid },
    );
  }
}
