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
import { generateKeyPair, type KeyPair } from './key-pair';
import { resolveDestination } from './private-key';
import { publicJwk, type PublicJwk } from './key-input';
import { showKey } from './show-key';

/** The fewest days that are of use: Salesforce refuses a certificate with fewer than 10 left. */
const MIN_CERTIFICATE_DAYS = 11;

/**
 * Makes a key pair. Everything that could be refused is looked at before; then the private key is handed over, and only
 * when that worked is the public one written to the source.
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
  context.print(`The private key is in ${destination.name}.`);
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
    `The private key is in ${keyLocation}.\nThe signing request is in ${file}. When the CA has answered:\n` +
      `  npm run keys -- import ${flags.name} --from <certificate> --alg ${flags.alg}`,
  );
  printJson(serializeDocument({ command: 'keys new', exitCode: EXIT.done, findings: [], request: file }));
  return EXIT.done;
}

function assertFlags({ name, days, request, subject, privateKey }: NewFlags): void {
  assertDeveloperName(name);
  if (subject !== undefined && !SUBJECT.test(subject)) throwInvalidSubject('It is no list of attributes.');
  if (days < MIN_CERTIFICATE_DAYS)
    throw invalidFlagError(
      `A certificate for ${days} days is of no use.`,
      'Salesforce refuses one with fewer than 10 days left.',
      `Use --days ${MIN_CERTIFICATE_DAYS} or more.`,
    );
  if (request !== undefined) assertNewFile(request, '--request');
  if (request !== undefined && privateKey !== undefined && resolve(request) === resolve(privateKey))
    throw invalidFlagError('--request and --private-key name one file.', 'Both are written.', 'Name two files.');
}

/** Attributes as `CN=...`, with commas between them. */
const SUBJECT = /^\s*[A-Za-z][\w.]*=[^,]+(?:,\s*[A-Za-z][\w.]*=[^,]+)*$/;

/** The library says which part of the name it does not understand. */
function throwInvalidSubject(thrown: unknown): never {
  const why = thrown instanceof Error ? thrown.message : String(thrown);
  throw invalidFlagError(
    '--subject is no name for a certificate.',
    why,
    'Write it like "CN=Customer Identity, O=Example".',
  );
}
