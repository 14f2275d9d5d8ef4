import { npmRun } from '../model';
import type { ChildProcessByStdio } from 'node:child_process';
import type { KeyObject } from 'node:crypto';
import type { Readable } from 'node:stream';
import { ToolError, invalidFlagError } from '../errors';
import { killCommand, parsePrivateKey, readPrivateKey, startCommand } from '../token';

export interface PrivateKeySource {
  readonly privateKey?: string;
  readonly privateKeyCommand?: string;
}

/** Salesforce requires at least 2048 bits (Help: user verification overview). */
const MIN_KEY_BITS = 2048;

/** Reads the signing key from a file or the output of a command. No error repeats any part of the key. */
export async function readSigningKey(
  { privateKey: file, privateKeyCommand: command }: PrivateKeySource,
  warn: (text: string) => void = () => undefined,
): Promise<KeyObject> {
  if ((file === undefined) === (command === undefined))
    throw invalidFlagError(
      'Specify exactly one private key.',
      'The token server signs all tokens with one key.',
      'Specify --private-key <file> or --private-key-command <command>.',
    );
  const key =
    file === undefined
      ? parsePrivateKey(await runKeyCommand(command ?? ''), COMMAND_OUTPUT)
      : readPrivateKey(file, warn);
  return assertKeySize(key);
}

const COMMAND_OUTPUT = 'The output of the --private-key-command';

function assertKeySize(key: KeyObject): KeyObject {
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits >= MIN_KEY_BITS) return key;
  const why = 'Salesforce requires RSA keys with 2048 bits or more.';
  throw invalidFlagError(
    `The private key has ${bits} bits.`,
    why,
    `Create a key pair: ${npmRun('keys', 'new', 'NAME', '--private-key', 'FILE')}`,
  );
}

const COMMAND_TIMEOUT_MS = 60_000;
const MAX_OUTPUT_BYTES = 65_536;

/** Runs the command line in the shell of the platform. */
function runKeyCommand(command: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = startCommand<ChildProcessByStdio<null, Readable, null>>(command, [], {
      shell: true,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const timer = setTimeout(() => killCommand(child), COMMAND_TIMEOUT_MS);
    let output = Buffer.alloc(0);
    child.stdout.on('data', (bytes: Buffer) => {
      output = Buffer.concat([output, bytes]).subarray(0, MAX_OUTPUT_BYTES);
    });
    child.on('error', () => reject(commandFailedError("it couldn't be started")));
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (code === 0) resolve(output);
      else reject(commandFailedError(signal ? `it was terminated by ${signal}` : `exit code ${code}`));
    });
  });
}

const commandFailedError = (reason: string): ToolError =>
  invalidFlagError(
    'The --private-key-command printed no key.',
    `It failed: ${reason}.`,
    'Run the command manually and correct it.',
  );
