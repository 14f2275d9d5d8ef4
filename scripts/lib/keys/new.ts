import { resolve } from 'node:path';

import type { Context } from '../cli';
import { EXIT, ToolError, type ExitCode } from '../errors';
import { readSource } from '../source';
import { keyComponent } from './component';
import { verifyFree } from './collisions';
import type { NewFlags } from './flags';
import { verifyName } from './name';
import { verifyNew, writeOutput } from './output';
import { makePair, type Pair } from './pair';
import { destinationOf } from './private-key';
import { publicJwk, type PublicJwk } from './public-jwk';
import { componentEdit, keyFile, writeEdits } from './source-files';
import { showKey } from './told';

/** The fewest days that are of use: Salesforce refuses a certificate with fewer than 10 left. */
const FEWEST_DAYS = 11;

/**
 * Makes a key pair. Everything that could be refused is looked at before; then the private key is handed over, and only
 * when that worked is the public one written to the source.
 */
export async function runNew(context: Context<NewFlags>): Promise<ExitCode> {
  const { flags } = context;
  verifyFlags(flags);
  const source = readSource(flags.project).components;
  verifyFree(source, flags.name, flags.kid);
  const destination = await destinationOf(flags);
  const pair = await makePair(flags);
  const subject = flags.subject ?? `CN=${flags.name}`;
  const made =
    flags.request === undefined ? await jwkOf(context, pair, subject) : await pair.request(subject).catch(badSubject);
  await destination.hand(await pair.privatePem());
  if (typeof made === 'string') return finishRequest(context, made, destination.name);
  const file = keyFile(flags.project, source, flags.name);
  writeEdits(flags.project, componentEdit(file, keyComponent(flags.name, made)));
  context.show(`The private key is in ${destination.name}.`);
  return showKey(context, { command: 'keys new', name: flags.name, file, jwk: made });
}

async function jwkOf({ flags, now }: Context<NewFlags>, pair: Pair, subject: string): Promise<PublicJwk> {
  const certificate = await pair.certificate(subject, now, flags.days).catch(badSubject);
  return publicJwk(pair.publicKey, certificate, flags);
}

function finishRequest({ flags, show, document }: Context<NewFlags>, text: string, place: string): ExitCode {
  const file = resolve(flags.request ?? '');
  writeOutput(file, text, 'new');
  show(
    `The private key is in ${place}.\nThe signing request is in ${file}. When the CA has answered:\n` +
      `  npm run keys -- import ${flags.name} --from <certificate> --alg ${flags.alg}`,
  );
  document(JSON.stringify({ command: 'keys new', exitCode: EXIT.done, findings: [], request: file }, null, 2));
  return EXIT.done;
}

function verifyFlags({ name, days, request, subject, privateKey }: NewFlags): void {
  verifyName(name);
  if (subject !== undefined && !SUBJECT.test(subject)) badSubject('It is no list of attributes.');
  if (days < FEWEST_DAYS)
    throw refused(
      `A certificate for ${days} days is of no use.`,
      'Salesforce refuses one with fewer than 10 days left.',
      `Use --days ${FEWEST_DAYS} or more.`,
    );
  if (request !== undefined) verifyNew(request, '--request');
  if (request !== undefined && privateKey !== undefined && resolve(request) === resolve(privateKey))
    throw refused('--request and --private-key name one file.', 'Both are written.', 'Name two files.');
}

/** Attributes as `CN=...`, with commas between them. */
const SUBJECT = /^\s*[A-Za-z][\w.]*=[^,]+(?:,\s*[A-Za-z][\w.]*=[^,]+)*$/;

/** The library says which part of the name it does not understand. */
function badSubject(thrown: unknown): never {
  const why = thrown instanceof Error ? thrown.message : String(thrown);
  throw refused('--subject is no name for a certificate.', why, 'Write it like "CN=Customer Identity, O=Example".');
}

const refused = (what: string, why: string, fix: string): ToolError =>
  new ToolError('bad-flag', { what, why, fix }, { exit: EXIT.invalid });
