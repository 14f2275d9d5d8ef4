import type { Context } from '../cli';
import { ToolError, type ExitCode, invalidFlagError } from '../errors';
import { keyFactsOf } from '../jwk';
import { componentsOf, type Component, type ComponentMap, type Finding } from '../model';
import { findingsText } from '../report';
import { readSource } from '../project';
import { assertUnique, type UseWorkers } from './keyset';
import { keyComponent, withJwk, assertDeveloperName, componentEdit, keyFilePath, writeEdits } from './source-files';
import { isUrl } from '../endpoint';
import type { ImportFlags } from './flags';
import {
  finding,
  type KeyInput,
  type ParseResult,
  decodeKeyInput,
  reject,
  type KeyConstraints,
  type PublicJwk,
} from './key-input';
import { readCertificateFile, readKeyInput, apexSignerKey, retrieveCertificate } from './read-key-input';
import { showFindings, showKey } from './show-key';
import { parseJsonKey } from './json-key';
import { parsePem } from './pem';

const COMMAND = 'keys import';

/**
 * Takes a public key into the source. Nothing is written unless Salesforce would take the key. A certificate for a key
 * that is in the source under this name already renews it: same key, same kid, longer life.
 */
export async function runImport(context: Context<ImportFlags>, useWorkers: UseWorkers): Promise<ExitCode> {
  const { flags, now, layout, print } = context;
  assertDeveloperName(flags.name);
  const source = readSource(flags.project).components;
  const existing = source.get(`PublicKeyCertificate:${flags.name}`);
  if (!existing) assertUnique(source, flags.name, undefined);
  const certificate = flags.certificate === undefined ? undefined : readCertificateFile(flags.certificate);
  if (certificate && 'findings' in certificate) return showFindings(context, COMMAND, certificate.findings);
  const input = await readInput(context, useWorkers);
  const existingFacts = existing && keyFactsOf(existing, now);
  const signer = apexSignerKey(flags);
  const constraints = {
    kid: flags.kid ?? signer.kid,
    alg: flags.alg ?? existingFacts?.alg ?? signer.alg,
    certificate,
    now,
  };
  const result = checkAgainstSource(parsePublicKey(input, constraints), input, source, existing);
  if (!result.jwk) return showFindings(context, COMMAND, result.findings);
  if (result.notes.length > 0) print(`${findingsText(layout, result.notes)}\n`);
  const file = keyFilePath(flags.project, source, flags.name);
  writeEdits(
    flags.project,
    componentEdit(file, existing ? withJwk(existing, result.jwk) : keyComponent(flags.name, result.jwk)),
  );
  return showKey(context, { command: COMMAND, name: flags.name, file, jwk: result.jwk });
}

function readInput(context: Context<ImportFlags>, useWorkers: UseWorkers): Promise<KeyInput> {
  const { from, setupCertificate, allowLoopback } = context.flags;
  if ((from === undefined) === (setupCertificate === undefined)) throw missingInputError();
  if (setupCertificate !== undefined) return retrieveCertificate(context, setupCertificate, useWorkers);
  return readKeyInput(from ?? '', { allowLoopback, isUrl: isUrl(from ?? '') });
}

/** A key has one place in the source: under one name, with one kid. */
function checkAgainstSource(
  result: ParseResult,
  { from }: KeyInput,
  source: ComponentMap,
  existing: Component | undefined,
): ParseResult {
  if (!result.jwk) return result;
  const [jwk, facts] = [result.jwk, keyFactsOf(keyComponent('', result.jwk))];
  const existingFacts = keyFactsOf(existing);
  if (existing && existingFacts?.thumbprint !== facts?.thumbprint)
    return { findings: [nameExistsFinding(from, existing.fullName)] };
  const others = componentsOf(source, 'PublicKeyCertificate').filter(({ fullName }) => fullName !== existing?.fullName);
  const duplicate = others.find(
    (key) => keyFactsOf(key)?.thumbprint === facts?.thumbprint || keyFactsOf(key)?.kid === jwk.kid,
  );
  if (duplicate)
    return {
      findings: [keyExistsFinding(from, duplicate.fullName, keyFactsOf(duplicate)?.thumbprint === facts?.thumbprint)],
    };
  return { ...result, jwk: withKid(jwk, existingFacts?.kid) };
}

/** Tokens name the key by its kid, so a renewal keeps it. */
const withKid = (jwk: PublicJwk, kid: string | undefined): PublicJwk => (kid === undefined ? jwk : { ...jwk, kid });

const nameExistsFinding = (from: string, name: string): Finding =>
  finding(
    ...([
      from,
      'error',
      'key-name-exists',
      `The source has another key under the name ${name}: replacing it would lock its tokens out.`,
    ] as const),
    'Import it under a new name and rotate to it: npm run keys -- rotate stage.',
  );

const keyExistsFinding = (from: string, name: string, thumbprint: boolean): Finding =>
  finding(
    ...([
      from,
      'error',
      'key-exists',
      thumbprint ? `The source has this key already, as ${name}.` : `The key ${name} has this kid already.`,
    ] as const),
    thumbprint
      ? `To renew its certificate, import it as ${name}.`
      : 'Give the key another kid where it is made: a token names its key by kid.',
  );

const missingInputError = (): ToolError =>
  invalidFlagError(
    'There is no one place to take the key from.',
    'A key comes from a file, an address, or an org.',
    'Use either --from FILE-or-URL, or --org ALIAS --setup-certificate NAME.',
  );

/**
 * Takes a public key out of what is offered: PEM or JSON, told apart by how it begins. Whatever is offered is answered;
 * nothing of it is repeated in a message, for it may be a secret.
 */
export function parsePublicKey(input: KeyInput, constraints: KeyConstraints): ParseResult {
  const { text, refused } = decodeKeyInput(input) as { text?: string; refused?: ParseResult };
  if (refused) return refused;
  const trimmed = (text ?? '').trim();
  if (/-----BEGIN [A-Z0-9 ]*PRIVATE KEY|PuTTY-User-Key-File/.test(trimmed))
    return reject(input.from, 'private-key', PRIVATE_KEY_MESSAGE, USE_CERTIFICATE);
  if (/^[{["]/.test(trimmed)) return parseJsonKey(input.from, trimmed, constraints);
  if (trimmed.includes('-----BEGIN ')) return parsePem(input.from, trimmed, constraints);
  return reject(input.from, 'key-unknown', describeInput(trimmed), SUPPORTED_FORMATS);
}

const PRIVATE_KEY_MESSAGE =
  'It is a private key, or holds one. It was not taken, and does not belong where others can read it.';

const USE_CERTIFICATE = 'Name the certificate of the key; only its public half is ever needed here.';

const SUPPORTED_FORMATS = 'Name a PEM certificate, a PEM public key with --certificate, a JWK or a JWKS.';

/** What texts that are neither PEM nor JSON mostly are. */
function describeInput(text: string): string {
  if (text === '') return 'There is no text, only blanks.';
  if (/^(ssh-|ecdsa-)/.test(text)) return 'It is a key for SSH.';
  if (text.startsWith('<')) return 'It is a web page or XML, no key.';
  if (/^[\w-]+\.[\w-]+\.[\w-]*$/.test(text)) return 'It is a token, no key.';
  if (/^[A-Za-z0-9+/=\s]+$/.test(text)) return 'It is base64 without the BEGIN and END lines of PEM.';
  return 'It is neither PEM nor JSON.';
}
