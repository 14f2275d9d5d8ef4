import { spawn } from 'node:child_process';
import { createPrivateKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { EXIT, ToolError } from '../errors';

export interface KeyPlace {
  readonly privateKey?: string;
  readonly privateKeyCommand?: string;
}

/** The fewest bits that Salesforce takes (Help: user verification overview). */
const FEWEST_BITS = 2048;

/** Reads the private key that signs, from a file or the output of a command. No message repeats anything of it. */
export async function readPrivateKey({ privateKey: file, privateKeyCommand: command }: KeyPlace): Promise<KeyObject> {
  if ((file === undefined) === (command === undefined))
    throw refusal(
      'There is no one private key.',
      'Tokens are signed with a key that comes from one place.',
      'Use either --private-key FILE or --private-key-command COMMAND.',
    );
  const [pem, place] = file === undefined ? [await outputOf(command ?? ''), 'the command'] : [textOf(file), file];
  return verified(parsed(pem, place), place);
}

function textOf(file: string): string {
  try {
    return readFileSync(resolve(file), 'utf8');
  } catch (thrown) {
    const why = `The system says ${(thrown as NodeJS.ErrnoException).code ?? 'unknown'}.`;
    throw refusal(`The private key ${file} cannot be read.`, why, 'Name the PEM file of the private key.');
  }
}

function parsed(pem: string, place: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    const why = /ENCRYPTED/.test(pem) ? 'It is encrypted.' : 'It is no private key in PEM form.';
    const fix = "Hand it over in clear, e.g. --private-key-command 'openssl pkey -in key.pem'.";
    throw refusal(`The private key of ${place} cannot be used.`, why, fix);
  }
}

function verified(key: KeyObject, place: string): KeyObject {
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (key.asymmetricKeyType === 'rsa' && bits >= FEWEST_BITS) return key;
  const why = 'Salesforce verifies tokens with RSA keys of 2048 bits or more only.';
  throw refusal(`The private key of ${place} cannot be used.`, why, 'Make a pair: npm run keys -- new NAME.');
}

/** How long the command may take, in milliseconds, and how much it may print. */
const PATIENCE = 60_000;
const MOST = 65_536;

/** Runs the command line with the platform's shell, for a command line is what the user names. */
function outputOf(command: string): Promise<string> {
  return new Promise((fulfil, reject) => {
    const child = spawn(command, { shell: true, stdio: ['ignore', 'pipe', 'ignore'], timeout: PATIENCE });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(0, MOST);
    });
    child.on('error', () => reject(notRun('it could not be started')));
    child.on('close', (code, signal) =>
      code === 0 ? fulfil(output) : reject(notRun(signal ? `it was ended by ${signal}` : `exit code ${code}`)),
    );
  });
}

const notRun = (how: string): ToolError =>
  refusal('The command of --private-key-command printed no key.', `It failed: ${how}.`, 'Run it by hand and mend it.');

const refusal = (what: string, why: string, fix: string): ToolError =>
  new ToolError('unreadable-key', { what, why, fix }, { exit: EXIT.invalid });
