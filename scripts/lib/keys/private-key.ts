import { spawn, type ChildProcess } from 'node:child_process';
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
import { EXIT, ToolError, type ErrorCode, type Explanation } from '../errors';
import { couldBeCommitted } from './git';

/** Where the private key goes: the only place that ever sees it. */
export interface Destination {
  /** For a sentence. */
  readonly name: string;
  hand(pem: string): Promise<void>;
}

export interface DestinationFlags {
  readonly privateKey?: string;
  readonly privateKeyTo?: string;
}

/** Finds out where the private key goes, and refuses a place that is not safe before there is a key. */
export async function destinationOf({ privateKey, privateKeyTo }: DestinationFlags): Promise<Destination> {
  if ((privateKey === undefined) === (privateKeyTo === undefined)) throw refusal('bad-flag', NO_PLACE);
  if (privateKey !== undefined) return fileDestination(resolve(privateKey));
  return { name: 'the command of --private-key-to', hand: (pem) => pipe(privateKeyTo ?? '', pem) };
}

async function fileDestination(file: string): Promise<Destination> {
  const folder = dirname(file);
  if (!existsSync(folder) || !statSync(folder).isDirectory()) throw refusal('unsafe-place', noFolder(folder));
  const path = join(realpathSync(folder), basename(file));
  if (existsSync(path)) throw refusal('already-there', taken(file));
  if (await couldBeCommitted(dirname(path), path)) throw refusal('unsafe-place', inWorkTree(file));
  return { name: file, hand: (pem) => Promise.resolve(writeOnce(path, pem)) };
}

/** Never over a file, never through a link, and never readable by anybody else, not even while it is written. */
function writeOnce(path: string, pem: string): void {
  const file = open(path);
  try {
    fchmodSync(file, 0o600);
    writeFileSync(file, pem);
    fsyncSync(file);
  } catch (thrown) {
    rmSync(path, { force: true });
    throw refusal('unsafe-place', notWritten(path, (thrown as NodeJS.ErrnoException).code ?? 'unknown'));
  } finally {
    closeSync(file);
  }
}

function open(path: string): number {
  try {
    return openSync(path, 'wx', 0o600);
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw refusal('already-there', taken(path));
    throw refusal('unsafe-place', notWritten(path, code ?? 'unknown'));
  }
}

/** How long the command may take, in milliseconds. */
const PATIENCE = 60_000;

/**
 * Runs the command line with the platform's shell, for a command line is what the user names; nothing of the key is in
 * it. What the command prints is thrown away: it could repeat the key.
 */
function pipe(command: string, pem: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let taken = true;
    // A group of its own, so that what the shell started ends with it.
    const child = spawn(command, { shell: true, detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
    const timer = setTimeout(() => endGroup(child), PATIENCE);
    child.on('error', () => reject(refusal('command-failed', ended('it could not be started'), EXIT.failed)));
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (code === 0 && taken) resolve();
      else if (code === 0) reject(refusal('command-failed', ended('it ended without reading the key'), EXIT.failed));
      else
        reject(
          refusal('command-failed', ended(signal ? `it was ended by ${signal}` : `exit code ${code}`), EXIT.failed),
        );
    });
    child.stdin.on('error', () => (taken = false));
    child.stdin.end(pem);
  });
}

/** Ends a command with everything it started; where there are no process groups, the command alone. */
function endGroup(child: ChildProcess): void {
  try {
    process.kill(-(child.pid ?? 0), 'SIGKILL');
  } catch {
    child.kill('SIGKILL');
  }
}

const refusal = (code: ErrorCode, explanation: Explanation, exit: 1 | 3 = EXIT.invalid): ToolError =>
  new ToolError(code, explanation, { exit });

const NO_PLACE: Explanation = {
  what: 'There is no one place for the private key.',
  why: 'It is shown nowhere, so it has to go to exactly one place that you name.',
  fix: 'Use either --private-key FILE or --private-key-to COMMAND, e.g. --private-key-to "vault kv put secret/chat key=-".',
};

const noFolder = (folder: string): Explanation => ({
  what: 'The private key cannot be written there.',
  why: `There is no folder ${folder}.`,
  fix: 'Make the folder, readable by you alone, and run the command again.',
});

const taken = (file: string): Explanation => ({
  what: `${file} exists already.`,
  why: 'It may hold a private key that somebody still signs with, so it is never written over.',
  fix: 'Name another file.',
});

const inWorkTree = (file: string): Explanation => ({
  what: `The private key was not written to ${file}.`,
  why: 'The file is in a git work tree and not ignored, so that it could be committed.',
  fix: 'Name a file outside of the work tree, or add it to .gitignore first.',
});

const notWritten = (file: string, code: string): Explanation => ({
  what: `The private key could not be written to ${file}.`,
  why: `The system says ${code}.`,
  fix: 'Name a file in a folder that you can write to.',
});

const ended = (how: string): Explanation => ({
  what: 'The command of --private-key-to did not take the private key; nothing was written to the source.',
  why: `It failed: ${how}. What it printed was thrown away, for it could hold the key.`,
  fix: 'Run the command by hand with any other text on its standard input, mend it, and run this again: a new key is made. If it kept a copy of this one, throw that away.',
});
