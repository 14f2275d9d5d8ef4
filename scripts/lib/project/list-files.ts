import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The rule, the message and the fix of a finding about a link. */
export const LINK_TEXTS = [
  'linked-file',
  "It is a symbolic link. Links aren't read, because they can lead out of the project.",
  'Replace the link with its target.',
] as const;

/** Folders without metadata. The CLI skips the same folders. */
const SKIPPED_FOLDERS: ReadonlySet<string> = new Set(['node_modules', '__tests__', '.git', '.sf', '.sfdx']);

/** The paths of the files and links below a folder. */
export interface FileList {
  readonly files: readonly string[];
  /** Links aren't followed: one can lead out of the project, or back. */
  readonly links: readonly string[];
}

/**
 * The files below a folder whose names are accepted, and all links. They are sorted, so that findings and plans have the same order
 * on every machine. A project can have more than 100,000 other files, so nothing is kept or computed for them.
 */
export function listFiles(folder: string, accepts: (name: string) => boolean = () => true): FileList {
  const [files, links]: [string[], string[]] = [[], []];
  const folders = [folder];
  for (let current = folders.pop(); current !== undefined; current = folders.pop())
    for (const entry of readdirSync(current, { withFileTypes: true })) {
      const { name } = entry;
      if (entry.isFile()) {
        if (accepts(name)) files.push(join(current, name));
      } else if (entry.isSymbolicLink()) links.push(join(current, name));
      else if (entry.isDirectory() && !SKIPPED_FOLDERS.has(name)) folders.push(join(current, name));
    }
  return { files: files.sort(), links: links.sort() };
}
