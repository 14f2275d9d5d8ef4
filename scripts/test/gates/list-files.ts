import { readdirSync } from 'node:fs';
import { join, sep } from 'node:path';

/** The project this file belongs to. */
export const PROJECT = join(__dirname, '..', '..', '..');

/** Every file below a folder whose path ends in one of the endings, sorted, with forward slashes. */
export function listFiles(folder: string, ...extensions: readonly string[]): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && extensions.some((ending) => entry.name.endsWith(ending)))
    .map((entry) => join(entry.parentPath, entry.name).split(sep).join('/'))
    .sort();
}
