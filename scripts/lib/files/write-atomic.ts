import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * Writes a file so that a reader, also after a crash, sees either the whole text or what was there before. Creates missing
 * folders. Throws the error of the file system; then the file is unchanged and nothing is left over.
 */
export function writeAtomic(path: string, text: string, { mode = 0o666 }: { readonly mode?: number } = {}): void {
  mkdirSync(dirname(path), { recursive: true });
  // In the same folder: a file can't be renamed across disks.
  const draft = join(dirname(path), `.${basename(path)}.${randomBytes(4).toString('hex')}.part`);
  try {
    writeAndSync(draft, text, mode);
    renameSync(draft, path);
  } catch (thrown) {
    rmSync(draft, { force: true });
    throw withPath(thrown, path);
  }
  syncFolder(dirname(path));
}

function writeAndSync(path: string, text: string, mode: number): void {
  const file = openSync(path, 'wx', mode);
  try {
    writeFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Reads a file of the user. Throws for a folder, and for a pipe or a device, which would be read forever (a link can lead to one). */
export function readRegularFile(path: string): string {
  if (!statSync(path).isFile())
    throw Object.assign(new Error("It isn't a file."), { code: 'EFTYPE', syscall: 'read', path });
  return readFileSync(path, 'utf8');
}

/** The error of a system call on an open file names no file. Adds the path that the user knows. */
export const withPath = (thrown: unknown, path: string): unknown =>
  thrown instanceof Error && 'syscall' in thrown ? Object.assign(thrown, { path }) : thrown;

/** Makes new names in a folder survive a crash. Windows can't open folders and doesn't need it. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
