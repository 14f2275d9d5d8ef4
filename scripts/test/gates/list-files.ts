import { readdirSync } from 'node:fs';
import { join, sep } from 'node:path';

/** The project that contains this file. */
export const PROJECT = join(__dirname, '..', '..', '..');

/** Sorted paths of the files in a folder that end with one of the endings, with forward slashes. */
export function listFiles(folder: string, ...extensions: readonly string[]): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && extensions.some((ending) => entry.name.endsWith(ending)))
    .map((entry) => join(entry.parentPath, entry.name).split(sep).join('/'))
    .sort();
}
