import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { EXIT, ToolError } from '../errors';
import { MAX_KEY_FILE_BYTES } from './read-key-file';

/** The bytes of a file, and its permissions. */
export interface FileBytes {
  readonly bytes: Buffer;
  /** Permission bits (chmod), and whether it is a file: a pipe has no permissions that matter. */
  readonly mode: number;
  readonly isFile: boolean;
}

/** How long a pipe can send nothing, in milliseconds. */
const PIPE_TIMEOUT_MS = 30_000;
const PIPE_PAUSE_MS = 20;

/**
 * Reads a key file or a pipe, such as `<(vault read ...)` of a shell, up to one byte beyond the limit. Throws `unreadable-file`
 * for a folder, a missing file, and a pipe without a writer; it never waits for a writer longer than 30 seconds.
 */
export function readKeyFileBytes(file: string): FileBytes {
  const descriptor = openFile(file);
  try {
    const stats = fstatSync(descriptor);
    if (stats.isDirectory()) throw unreadableFileError(file, 'It is a folder.', 'Specify the file of the key in it.');
    return { bytes: readUpTo(descriptor, file, stats), mode: stats.mode & 0o777, isFile: stats.isFile() };
  } catch (thrown) {
    throw thrown instanceof ToolError ? thrown : systemError(file, thrown);
  } finally {
    closeSync(descriptor);
  }
}

/** Without blocking: the opening of a named pipe without a writer would never end. Windows has no such flag. */
function openFile(file: string): number {
  try {
    return openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (thrown) {
    throw systemError(file, thrown);
  }
}

function readUpTo(descriptor: number, file: string, stats: Stats): Buffer {
  const bytes = Buffer.alloc(MAX_KEY_FILE_BYTES + 1);
  const deadline = Date.now() + PIPE_TIMEOUT_MS;
  let length = 0;
  while (length < bytes.length) {
    const count = readNow(descriptor, bytes, length);
    if (count === 0) break;
    if (count === undefined && Date.now() > deadline) throw silentPipeError(file);
    if (count === undefined) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PIPE_PAUSE_MS);
    length += count ?? 0;
  }
  if (length === 0 && stats.isFIFO()) throw silentPipeError(file);
  return bytes.subarray(0, length);
}

/** The number of bytes that were read; 0 at the end; undefined if a pipe has none yet. */
function readNow(descriptor: number, bytes: Buffer, offset: number): number | undefined {
  try {
    return readSync(descriptor, bytes, offset, bytes.length - offset, null);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'EAGAIN') return undefined;
    throw thrown;
  }
}

const silentPipeError = (file: string): ToolError =>
  unreadableFileError(
    file,
    'It is a pipe, and nothing was written to it.',
    'Check the command that writes to the pipe, or specify a file.',
  );

const systemError = (file: string, thrown: unknown): ToolError =>
  unreadableFileError(
    file,
    `The system error is ${(thrown as NodeJS.ErrnoException).code ?? 'unknown'}.`,
    'Specify an existing file that you can read.',
  );

const unreadableFileError = (file: string, why: string, fix: string): ToolError =>
  new ToolError('unreadable-file', { what: `${file} can't be read.`, why, fix }, { exit: EXIT.invalid });
