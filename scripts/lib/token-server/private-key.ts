import { spawn } from 'node:child_process';
import type { KeyObject } from 'node:crypto';
import { ToolError, invalidFlagError } from '../errors';
import { parsePrivateKey, readPrivateKey } from '../token';

export interface PrivateKeySource {
  readonly privateKey?: string;
  readonly privateKeyCommand?: string;
}

/** The fewest bits that Salesforce takes (Help: user verification overview). */
const MIN_KEY_BITS = 2048;

/** Reads the private key that signs, from a file or the output of a command. No message repeats anything of it. */
export async function readSigningKey({
  privateKey: file,
  privateKeyCommand: command,
}: PrivateKeySource): Promise<KeyObject> {
  if ((file === undefined) === (command === undefined))
    throw invalidFlagError(
      'There is no one private key.',
      'Tokens are signed with a key that comes from one place.',
      'Use either --private-key FILE or --private-key-command COMMAND.',
    );
  const key =
    file === undefined ? parsePrivateKey(await runKeyCommand(command ?? ''), COMMAND_OUTPUT) : readPrivateKey(file);
  return assertKeySize(key);
}

const COMMAND_OUTPUT = 'What the command of --private-key-command printed';

function assertKeySize(key: KeyObject): KeyObject {
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits >= MIN_KEY_BITS) return key;
  const why = 'Salesforce verifies tokens with RSA keys of 2048 bits or more only.';
  throw invalidFlagError(`The private key has ${bits} bits.`, why, 'Make a pair: npm run keys -- new NAME.');
}

/** How long the command may take, in milliseconds, and how much it may print. */
const COMMAND_TIMEOUT_MS = 60_000;
const MAX_OUTPUT_LENGTH = 65_536;

/** Runs the command line with the platform's shell, for a command line is what the user names. */
function runKeyCommand(command: string): Promise<string> {
  return new Promise((fulfil, reject) => {
    const child = spawn(command, { shell: true, stdio: ['ignore', 'pipe', 'ignore'], timeout: COMMAND_TIMEOUT_MS });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(0, MAX_OUTPUT_LENGTH);
    });
    child.on('error', () => reject(commandFailedError('it could not be started')));
    child.on('close', (code, signal) =>
      code === 0
        ? fulfil(output)
        : reject(commandFailedError(signal ? `it was ended by ${signal}` : `exit code ${code}`)),
    );
  });
}

const commandFailedError = (reason: string): ToolError =>
  invalidFlagError(
    'The command of --private-key-command printed no key.',
    `It failed: ${reason}.`,
    'Run it by hand and mend it.',
  );
