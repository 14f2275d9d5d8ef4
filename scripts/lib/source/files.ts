import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Folders that hold no metadata; the same ones that the CLI never looks into. */
const SKIPPED: ReadonlySet<string> = new Set(['node_modules', '__tests__', '.git', '.sf', '.sfdx']);

/** Every file below a folder, sorted, so that findings and plans come in the same order on every machine. Links are not followed. */
export function filesBelow(folder: string): readonly string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((one, other) => (one.name < other.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : filesBelow(path);
    return entry.isFile() ? [path] : [];
  });
}
