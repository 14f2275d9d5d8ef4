import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { EXIT, ToolError } from '../errors';
import type { KitFile } from './kit';

/** Writes files below a folder that the user names, over what an earlier run wrote there; answers their paths. */
export function writeKit(folder: string, files: readonly KitFile[]): readonly string[] {
  return files.map(({ path, text }) => {
    const file = join(resolve(folder), path);
    try {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    } catch (thrown) {
      const why = `The system says ${(thrown as NodeJS.ErrnoException).code ?? 'unknown'}.`;
      const fix = 'Name a folder that you can write to: --out.';
      throw new ToolError('unreadable-file', { what: `${file} cannot be written.`, why, fix }, { exit: EXIT.invalid });
    }
    return file;
  });
}
