import { execFile, type ChildProcessByStdio } from 'node:child_process';
import {
  closeSync,
  existsSync,
  fchmodSync,
  fsyncSync,
  openSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Writable } from 'node:stream';
import { EXIT, ToolError, type ErrorCode, type ErrorText } from '../errors';
import { killCommand, startCommand } from '../token';

/** The only destination of the private key. */
export interface KeyDestination {
  /** Shown to the user. */
  readonly name: string;
  write(pem: string): Promise<void>;
}

export interface KeyDestinationFlags {
  readonly privateKey?: string;
  readonly privateKeyTo?: string;
}

/** Returns the destination of the private key. Throws for an unsafe destination, before a key exists. */
export async function resolveDestination({ privateKey, privateKeyTo }: KeyDestinationFlags): Promise<KeyDestination> {
  if ((privateKey === undefined) === (privateKeyTo === undefined))
    throw destinationError('invalid-flag', NO_DESTINATION);
  if (privateKey !== undefined) return fileDestination(resolve(privateKey));
  return { name: 'the --private-key-to command', write: (pem) => pipeToCommand(privateKeyTo ?? '', pem) };
}

async function fileDestination(file: string): Promise<KeyDestination> {
  const folder = dirname(file);
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    throw destinationError('unsafe-location', missingFolder(folder));
  const path = join(realpathSync(folder), basename(file));
  if (existsSync(path)) throw destinationError('already-exists', fileExists(file));
  if (await isCommittable(dirname(path), path)) throw destinationError('unsafe-location', inWorkTree(file));
  return { name: file, write: async (pem) => writeExclusive(path, pem) };
}

/** Never overwrites a file or follows a link. Only the user can read the file, also while it is written. */
function writeExclusive(path: string, pem: string): void {
  const file = openExclusive(path);
  try {
    fchmodSync(file, 0o600);
    writeFileSync(file, pem);
    fsyncSync(file);
  } catch (thrown) {
    rmSync(path, { force: true });
    throw destinationError('unsafe-location', notWritten(path, (thrown as NodeJS.ErrnoException).code ?? 'unknown'));
  } finally {
    closeSync(file);
  }
}

function openExclusive(path: string): number {
  try {
    return openSync(path, 'wx', 0o600);
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw destinationError('already-exists', fileExists(path));
    throw destinationError('unsafe-location', notWritten(path, code ?? 'unknown'));
  }
}

const COMMAND_TIMEOUT_MS = 60_000;

/**
 * Runs the command line in the shell of the platform and writes the key to its standard input. The command line contains no part
 * of the key. The output is discarded, because it can repeat the key.
 */
function pipeToCommand(command: string, pem: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let consumed = true;
    const child = startCommand<ChildProcessByStdio<Writable, null, null>>(command, [], {
      shell: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    const timer = setTimeout(() => killCommand(child), COMMAND_TIMEOUT_MS);
    child.on('error', () =>
      reject(destinationError('command-failed', commandFailed("it couldn't be started"), EXIT.failed)),
    );
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (code === 0 && consumed) resolve();
      else if (code === 0)
        reject(destinationError('command-failed', commandFailed('it ended without reading the key'), EXIT.failed));
      else
        reject(
          destinationError(
            'command-failed',
            commandFailed(signal ? `it was terminated by ${signal}` : `exit code ${code}`),
            EXIT.failed,
          ),
        );
    });
    child.stdin.on('error', () => (consumed = false));
    child.stdin.end(pem);
  });
}

const destinationError = (code: ErrorCode, explanation: ErrorText, exit: 1 | 3 = EXIT.invalid): ToolError =>
  new ToolError(code, explanation, { exit });

const NO_DESTINATION: ErrorText = {
  what: 'Specify exactly one destination for the private key.',
  why: 'The private key is never printed.',
  fix: 'Specify --private-key <file> or --private-key-to <command>, for example --private-key-to "vault kv put secret/chat key=-".',
};

const missingFolder = (folder: string): ErrorText => ({
  what: "The private key can't be written.",
  why: `The folder ${folder} doesn't exist.`,
  fix: 'Create the folder, readable by you only, and run the command again.',
});

const fileExists = (file: string): ErrorText => ({
  what: `${file} already exists.`,
  why: "The file can contain a private key that is in use, so it's never overwritten.",
  fix: 'Specify another file.',
});

const inWorkTree = (file: string): ErrorText => ({
  what: `The private key was not written to ${file}.`,
  why: "The file is in a git work tree and isn't ignored, so it could be committed.",
  fix: 'Specify a file outside of the work tree, or add the file to .gitignore first.',
});

const notWritten = (file: string, code: string): ErrorText => ({
  what: `The private key couldn't be written to ${file}.`,
  why: `The system error is ${code}.`,
  fix: 'Specify a file in a folder that you can write to.',
});

const commandFailed = (how: string): ErrorText => ({
  what: 'The --private-key-to command failed. Nothing was written to source.',
  why: `Reason: ${how}. Its output was discarded, because it can contain the key.`,
  fix: 'Test the command manually with other text on its standard input, then run keys new again, which creates another key. If the command stored a copy of this key, delete it.',
});

/**
 * Whether git could commit a file: the file is in a work tree and isn't ignored. Without git, a parent folder with `.git` counts
 * as a work tree without ignored files.
 */
async function isCommittable(folder: string, file: string): Promise<boolean> {
  const inside = await runGit(folder, ['rev-parse', '--is-inside-work-tree']);
  if (inside?.code === 0) {
    const ignored = await runGit(folder, ['check-ignore', '--quiet', '--', file]);
    return ignored?.code !== 0;
  }
  return isInRepository(folder);
}

const isInRepository = (folder: string): boolean =>
  existsSync(join(folder, '.git')) || (dirname(folder) !== folder && isInRepository(dirname(folder)));

interface GitResult {
  readonly code: number;
}

/** Settings of a repository that run a program. Someone else can have written its config. */
const NO_PROGRAMS = ['core.fsmonitor=false', 'core.hooksPath=/dev/null', 'core.sshCommand=false', 'core.pager=cat'];

/** Undefined without git. Without GIT_DIR and similar variables, which would select another repository. */
function runGit(folder: string, args: readonly string[]): Promise<GitResult | undefined> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_')));
  return new Promise((resolve) => {
    const settings = NO_PROGRAMS.flatMap((setting) => ['-c', setting]);
    execFile('git', ['--no-pager', ...settings, '-C', folder, ...args], { env, timeout: 10_000 }, (failed) => {
      const code: unknown = failed ? failed.code : 0;
      resolve(typeof code === 'number' ? { code } : undefined);
    });
  });
}
