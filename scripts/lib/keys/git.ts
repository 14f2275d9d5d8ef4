import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Whether git could ever commit a file: it lies in a work tree and is not ignored there. Where git itself cannot be
 * asked, a folder above with a `.git` counts as a work tree in which nothing is ignored.
 */
export async function couldBeCommitted(folder: string, file: string): Promise<boolean> {
  const inside = await git(folder, ['rev-parse', '--is-inside-work-tree']);
  if (inside?.code === 0) {
    const ignored = await git(folder, ['check-ignore', '--quiet', '--', file]);
    return ignored?.code !== 0;
  }
  return hasRepository(folder);
}

const hasRepository = (folder: string): boolean =>
  existsSync(join(folder, '.git')) || (dirname(folder) !== folder && hasRepository(dirname(folder)));

interface Answer {
  readonly code: number;
}

/** Undefined where there is no git. GIT_DIR and its kind would answer for another repository. */
function git(folder: string, args: readonly string[]): Promise<Answer | undefined> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_')));
  return new Promise((resolve) => {
    execFile('git', ['-C', folder, ...args], { env, timeout: 10_000 }, (failed) => {
      const code: unknown = failed ? failed.code : 0;
      resolve(typeof code === 'number' ? { code } : undefined);
    });
  });
}
