import { existsSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { EXIT, ToolError } from '../errors';

/** Refuses a name for a new file that is taken: a file of the user's is never written over. */
export function verifyNew(file: string, flag: string): void {
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
    'already-there',
    { what: `${file} exists already.`, why: 'It is not written over.', fix: `Name another file for ${flag}.` },
    { exit: EXIT.invalid },
  );
}

/** Writes public text to the file that the user names; a new one, or one that this command writes again and again. */
export function writeOutput(file: string, text: string, kind: 'new' | 'again'): void {
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
