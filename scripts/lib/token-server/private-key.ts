import { spawn } from 'node:child_process';
import type { KeyObject } from 'node:crypto';
import { EXIT, ToolError } from '../errors';
import { privateKeyOf, readPrivateKey } from '../issuer';

export interface KeyPlace {
  readonly privateKey?: string;
  readonly privateKeyCommand?: string;
}

/** The fewest bits that Salesforce takes (Help: user verification overview). */
const FEWEST_BITS = 2048;

/** Reads the private key that signs, from a file or the output of a command. No message repeats anything of it. */
export async function signingKey({ privateKey: file, privateKeyCommand: command }: KeyPlace): Promise<KeyObject> {
  if ((file === undefined) === (command === undefined))
    throw refusal(
      'There is no one private key.',
      'Tokens are signed with a key that comes from one place.',
      'Use either --private-key FILE or --private-key-command COMMAND.',
    );
  const read = file === undefined ? privateKeyOf(await outputOf(command ?? ''), COMMAND) : readPrivateKey(file);
  return verified(read);
}

const COMMAND = 'What the command of --private-key-command printed';

function verified(key: KeyObject): KeyObject {
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits >= FEWEST_BITS) return key;
  const why = 'Salesforce verifies tokens with RSA keys of 2048 bits or more only.';
  throw refusal(`The private key has ${bits} bits.`, why, 'Make a pair: npm run keys -- new NAME.');
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
  new ToolError('bad-flag', { what, why, fix }, { exit: EXIT.invalid });
