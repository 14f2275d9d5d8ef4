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

/**
 * All files below a folder, sorted, so that findings and plans have the same order on every machine. Links aren't followed: one
 * can lead out of the project, or back. `onLink` receives their paths.
 */
export function listFiles(folder: string, onLink: (path: string) => void = () => undefined): readonly string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((one, other) => (one.name < other.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return SKIPPED_FOLDERS.has(entry.name) ? [] : listFiles(path, onLink);
    if (entry.isSymbolicLink()) onLink(path);
    return entry.isFile() ? [path] : [];
  });
}
