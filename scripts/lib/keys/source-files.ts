import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeXml } from '../metadata';
import { componentsOf, FOLDERS, type Component, type ComponentMap } from '../model';
import { readProjectFile } from '../source/project-file';

/** Files to write, by path relative to the project; null removes one. */
export type SourceEdits = ReadonlyMap<string, string | null>;

export const textOf = (project: string, file: string): string => readFileSync(join(project, file), 'utf8');

/** Writes each file whole or not at all: a run that is cut off leaves no half of one. A file that says the same is left alone. */
export function writeEdits(project: string, edits: SourceEdits): void {
  for (const [file, text] of edits) {
    const path = join(project, file);
    if (text === null) rmSync(path, { force: true });
    else if (!existsSync(path) || readFileSync(path, 'utf8') !== text) replace(path, text);
  }
}

function replace(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}.tmp`;
  writeFileSync(draft, text);
  renameSync(draft, path);
}

/** Where the file of a key stands, or would stand: beside the other keys, else where the CLI puts one. */
export function keyFile(project: string, source: ComponentMap, fullName: string): string {
  const known = source.get(`PublicKeyCertificate:${fullName}`)?.root.origin?.file;
  if (known !== undefined) return known;
  const beside = componentsOf(source, 'PublicKeyCertificate')[0]?.root.origin?.file;
  const { folder, suffix } = FOLDERS.PublicKeyCertificate;
  const directory = readProjectFile(project).packageDirectories[0] ?? 'force-app';
  const place = beside === undefined ? `${directory}/main/default/${folder}` : dirname(beside);
  return `${place}/${fullName}.${suffix}-meta.xml`;
}

/** The edit that puts a component at its file. */
export const componentEdit = (file: string, { root }: Component): SourceEdits => new Map([[file, writeXml(root)]]);
