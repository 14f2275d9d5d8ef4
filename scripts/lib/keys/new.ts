import { npmRun } from '../model';
import { serializeDocument } from '../report';
import { resolve } from 'node:path';

import type { Context } from '../cli';
import { EXIT, type ExitCode, invalidFlagError } from '../errors';
import { readSource } from '../project';
import {
  keyComponent,
  assertDeveloperName,
  assertNewFile,
  writeOutput,
  componentEdit,
  keyFilePath,
  writeEdits,
} from './source-files';
import { assertUnique } from './keyset';
import type { NewFlags } from './flags';
import { generateKeyPair, type KeyPair } from '../jwk/key-pair';
import { resolveDestination } from './private-key';
import { publicJwk, type PublicJwk } from './key-input';
import { showKey } from './show-key';

/** Salesforce rejects a certificate that expires in fewer than 10 days. */
const MIN_CERTIFICATE_DAYS = 11;

/**
 * Creates a key pair. All inputs are validated first. Then the private key is written, and only after that succeeded the public
 * key is written to source.
 */
export async function runNew(context: Context<NewFlags>): Promise<ExitCode> {
  const { flags } = context;
  assertFlags(flags);
  const source = readSource(flags.project).components;
  assertUnique(source, flags.name, flags.kid);
  const destination = await resolveDestination(flags);
  const pair = await generateKeyPair(flags);
  const subject = flags.subject ?? `CN=${flags.name}`;
  const jwkOrRequest =
    flags.request === undefined
      ? await createJwk(context, pair, subject)
      : await pair.request(subject).catch(throwInvalidSubject);
  await destination.write(await pair.privatePem());
  if (typeof jwkOrRequest === 'string') return finishRequest(context, jwkOrRequest, destination.name);
  const file = keyFilePath(flags.project, source, flags.name);
  writeEdits(flags.project, componentEdit(file, keyComponent(flags.name, jwkOrRequest)));
  context.print(`Wrote the private key to ${destination.name}.`);
  return showKey(context, { command: 'keys new', name: flags.name, file, jwk: jwkOrRequest });
}

async function createJwk({ flags, now }: Context<NewFlags>, pair: KeyPair, subject: string): Promise<PublicJwk> {
  const certificate = await pair.certificate(subject, now, flags.days).catch(throwInvalidSubject);
  return publicJwk(pair.publicKey, certificate, flags);
}

function finishRequest({ flags, print, printJson }: Context<NewFlags>, text: string, keyLocation: string): ExitCode {
  const file = resolve(flags.request ?? '');
  writeOutput(file, text, 'new');
  print(
    `Wrote the private key to ${keyLocation}.\nWrote the signing request to ${file}. With the certificate from the CA, run:\n` +
      `  ${npmRun('keys', 'import', flags.name, '--from', 'CERTIFICATE', '--alg', flags.alg)}`,
  );
  printJson(serializeDocument({ command: 'keys new', exitCode: EXIT.done, findings: [], request: file }));
  return EXIT.done;
}

function assertFlags({ name, days, request, subject, privateKey }: NewFlags): void {
  assertDeveloperName(name);
  if (subject !== undefined && !SUBJECT.test(subject)) throwInvalidSubject("The value isn't a list of attributes.");
  if (days < MIN_CERTIFICATE_DAYS)
    throw invalidFlagError(
      `The certificate lifetime is too short: ${days} days.`,
      'Salesforce rejects a certificate that expires in fewer than 10 days.',
      `Specify --days ${MIN_CERTIFICATE_DAYS} or more.`,
    );
  if (request !== undefined) assertNewFile(request, '--request');
  if (request !== undefined && privateKey !== undefined && resolve(request) === resolve(privateKey))
    throw invalidFlagError(
      '--request and --private-key are the same file.',
      'Both files are written.',
      'Specify two different files.',
    );
}

/** Attributes such as `CN=...`, separated by commas. */
const SUBJECT = /^\s*[A-Za-z][\w.]*=[^,]+(?:,\s*[A-Za-z][\w.]*=[^,]+)*$/;

/** The message of the library names the part that it can't parse. */
function throwInvalidSubject(thrown: unknown): never {
  const why = thrown instanceof Error ? thrown.message : String(thrown);
  throw invalidFlagError(
    "--subject isn't a valid certificate subject.",
    why,
    'Use the form "CN=Customer Identity, O=Example".',
  );
}
