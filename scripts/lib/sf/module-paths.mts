/**
 * Remembers where Node.js found the modules of the Salesforce CLI. It loads about 1,600 modules, and a fifth of the processor time
 * of a start is spent on looking for their files.
 */
import { createHash } from 'node:crypto';
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import Module from 'node:module';
import { join } from 'node:path';

type Paths = Record<string, string>;

/** Values that Node.js doesn't document: the paths that it has found in this process, and how it finds the folders for all modules. */
const internals = Module as unknown as { readonly _pathCache: Paths; _initPaths(): void };
/** By request and folders. */
const known = internals._pathCache;

/** The paths of this process, for later processes with the same installed packages. */
export interface KnownPaths {
  /** Saves the paths if this process has found some that no earlier one found. */
  save(): void;
  /** Deletes the paths: a package was changed by hand. The next process looks for its modules again. */
  forget(): void;
}

/** Makes Node.js use the paths that earlier processes found. `packages` is the folder node_modules. */
export function useKnownPaths(packages: string): KnownPaths {
  const file = cacheFile(packages);
  ignoreHomeFolder();
  if (file === undefined) return { save: () => undefined, forget: () => undefined };
  const remembered = readPaths(file);
  Object.assign(known, remembered);
  const count = Object.keys(remembered).length;
  return {
    save: () => {
      if (Object.keys(known).length > count) writePaths(file);
    },
    forget: () => rmSync(file, { force: true }),
  };
}

/** Node.js looks for modules in `~/.node_modules` last. Without that, what it finds is the same for each home folder. */
function ignoreHomeFolder(): void {
  const { HOME, USERPROFILE } = process.env;
  delete process.env['HOME'];
  delete process.env['USERPROFILE'];
  internals._initPaths();
  if (HOME !== undefined) process.env['HOME'] = HOME;
  if (USERPROFILE !== undefined) process.env['USERPROFILE'] = USERPROFILE;
}

/** npm writes the file `.package-lock.json` whenever it changes a package. Without the file, nothing is remembered. */
function cacheFile(packages: string): string | undefined {
  const stats = statSync(join(packages, '.package-lock.json'), { throwIfNoEntry: false });
  const folder = process.env['NODE_COMPILE_CACHE'];
  if (!stats || folder === undefined) return undefined;
  const key = [process.version, packages, stats.mtimeMs, stats.size, stats.ino].join('\n');
  return join(folder, `paths-${createHash('sha256').update(key).digest('hex').slice(0, 16)}.json`);
}

function readPaths(file: string): Paths {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Paths;
  } catch {
    return {};
  }
}

/** Writes to a temporary file and renames it, because workers start at the same time. A read-only cache only costs time. */
function writePaths(file: string): void {
  try {
    const draft = `${file}.${process.pid}`;
    writeFileSync(draft, JSON.stringify(known));
    renameSync(draft, file);
  } catch {
    // A read-only installation works as before.
  }
}
