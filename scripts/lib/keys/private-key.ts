import { spawn, type ChildProcess, execFile } from 'node:child_process';
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
import { EXIT, ToolError, type ErrorCode, type ErrorText } from '../errors';

/** Where the private key goes: the only place that ever sees it. */
export interface KeyDestination {
  /** For a sentence. */
  readonly name: string;
  write(pem: string): Promise<void>;
}

export interface KeyDestinationFlags {
  readonly privateKey?: string;
  readonly privateKeyTo?: string;
}

/** Finds out where the private key goes, and refuses a place that is not safe before there is a key. */
export async function resolveDestination({ privateKey, privateKeyTo }: KeyDestinationFlags): Promise<KeyDestination> {
  if ((privateKey === undefined) === (privateKeyTo === undefined))
    throw destinationError('invalid-flag', NO_DESTINATION);
  if (privateKey !== undefined) return fileDestination(resolve(privateKey));
  return { name: 'the command of --private-key-to', write: (pem) => pipeToCommand(privateKeyTo ?? '', pem) };
}

async function fileDestination(file: string): Promise<KeyDestination> {
  const folder = dirname(file);
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    throw destinationError('unsafe-location', missingFolder(folder));
  const path = join(realpathSync(folder), basename(file));
  if (existsSync(path)) throw destinationError('already-exists', fileExists(file));
  if (await isCommittable(dirname(path), path)) throw destinationError('unsafe-location', inWorkTree(file));
  return { name: file, write: (pem) => Promise.resolve(writeExclusive(path, pem)) };
}

/** Never over a file, never through a link, and never readable by anybody else, not even while it is written. */
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

/** How long the command may take, in milliseconds. */
const COMMAND_TIMEOUT_MS = 60_000;

/**
 * Runs the command line with the platform's shell, for a command line is what the user names; nothing of the key is in
 * it. What the command prints is thrown away: it could repeat the key.
 */
function pipeToCommand(command: string, pem: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let consumed = true;
    // A group of its own, so that what the shell started ends with it.
    const child = spawn(command, { shell: true, detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
    const timer = setTimeout(() => killProcessGroup(child), COMMAND_TIMEOUT_MS);
    child.on('error', () =>
      reject(destinationError('command-failed', commandFailed('it could not be started'), EXIT.failed)),
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
            commandFailed(signal ? `it was ended by ${signal}` : `exit code ${code}`),
            EXIT.failed,
          ),
        );
    });
    child.stdin.on('error', () => (consumed = false));
    child.stdin.end(pem);
  });
}

/** Ends a command with everything it started; where there are no process groups, the command alone. */
function killProcessGroup(child: ChildProcess): void {
  try {
    process.kill(-(child.pid ?? 0), 'SIGKILL');
  } catch {
    child.kill('SIGKILL');
  }
}

const destinationError = (code: ErrorCode, explanation: ErrorText, exit: 1 | 3 = EXIT.invalid): ToolError =>
  new ToolError(code, explanation, { exit });

const NO_DESTINATION: ErrorText = {
  what: 'There is no one place for the private key.',
  why: 'It is shown nowhere, so it has to go to exactly one place that you name.',
  fix: 'Use either --private-key FILE or --private-key-to COMMAND, e.g. --private-key-to "vault kv put secret/chat key=-".',
};

const missingFolder = (folder: string): ErrorText => ({
  what: 'The private key cannot be written there.',
  why: `There is no folder ${folder}.`,
  fix: 'Make the folder, readable by you alone, and run the command again.',
});

const fileExists = (file: string): ErrorText => ({
  what: `${file} exists already.`,
  why: 'It may hold a private key that somebody still signs with, so it is never written over.',
  fix: 'Name another file.',
});

const inWorkTree = (file: string): ErrorText => ({
  what: `The private key was not written to ${file}.`,
  why: 'The file is in a git work tree and not ignored, so that it could be committed.',
  fix: 'Name a file outside of the work tree, or add it to .gitignore first.',
});

const notWritten = (file: string, code: string): ErrorText => ({
  what: `The private key could not be written to ${file}.`,
  why: `The system says ${code}.`,
  fix: 'Name a file in a folder that you can write to.',
});

const commandFailed = (how: string): ErrorText => ({
  what: 'The command of --private-key-to did not take the private key; nothing was written to the source.',
  why: `It failed: ${how}. What it printed was thrown away, for it could hold the key.`,
  fix: 'Run the command by hand with any other text on its standard input, mend it, and run this again: a new key is made. If it kept a copy of this one, throw that away.',
});

/**
 * Whether git could ever commit a file: it lies in a work tree and is not ignored there. Where git itself cannot be
 * asked, a folder above with a `.git` counts as a work tree in which nothing is ignored.
 */
export async function isCommittable(folder: string, file: string): Promise<boolean> {
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

/** Undefined where there is no git. GIT_DIR and its kind would answer for another repository. */
function runGit(folder: string, args: readonly string[]): Promise<GitResult | undefined> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_')));
  return new Promise((resolve) => {
    execFile('git', ['-C', folder, ...args], { env, timeout: 10_000 }, (failed) => {
      const code: unknown = failed ? failed.code : 0;
      resolve(typeof code === 'number' ? { code } : undefined);
    });
  });
}
