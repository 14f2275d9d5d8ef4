import type { Context } from '../cli';
import { ToolError, type ExitCode, invalidFlagError } from '../errors';
import { compromisedKeyOf, keyFactsOf } from '../jwk';
import { componentsOf, type Component, type ComponentMap, type CompromisedKey, type Finding, npmRun } from '../model';
import { findingsText } from '../report';
import { readSource } from '../project';
import { readCompromisedKeys } from '../rotation';
import { assertUnique, type UseWorkers } from './keyset';
import { keyComponent, withJwk, assertDeveloperName, componentEdit, keyFilePath, writeEdits } from './source-files';
import { isUrl } from '../endpoint';
import type { ImportFlags } from './flags';
import {
  compromisedKeyFinding,
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
 * Imports a public key into source. Writes nothing if Salesforce would reject the key. For a key that source already contains
 * with this name, the certificate is renewed and the kid is kept.
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
  const parsed = rejectCompromised(parsePublicKey(input, constraints), input, readCompromisedKeys(flags.project));
  const result = checkAgainstSource(parsed, input, source, existing);
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

/** Rejects a key that a rotation marked as compromised, also with a new certificate, name, or kid. */
function rejectCompromised(
  result: ParseResult,
  { from }: KeyInput,
  compromised: readonly CompromisedKey[],
): ParseResult {
  const key = compromisedKeyOf(result.jwk && keyComponent('', result.jwk), compromised);
  return key ? { findings: [compromisedKeyFinding(from, key)] } : result;
}

/** Rejects a key, or a kid, that source already contains with another name. */
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

/** Tokens refer to the key by its kid, so a renewal keeps it. */
const withKid = (jwk: PublicJwk, kid: string | undefined): PublicJwk => (kid === undefined ? jwk : { ...jwk, kid });

const nameExistsFinding = (from: string, name: string): Finding =>
  finding(
    ...([
      from,
      'error',
      'key-name-exists',
      `Source already has another key named ${name}. If it is replaced, tokens of that key are rejected.`,
    ] as const),
    `Import the key with a new name, then rotate to it: ${npmRun('keys', 'rotate', 'stage', 'KEYSET', '--new-key', 'NAME')}`,
  );

const keyExistsFinding = (from: string, name: string, thumbprint: boolean): Finding =>
  finding(
    ...([
      from,
      'error',
      'key-exists',
      thumbprint ? `Source already contains this key as ${name}.` : `The key ${name} already has this kid.`,
    ] as const),
    thumbprint
      ? `To renew its certificate, import it as ${name}.`
      : 'Give the key a unique kid in the system that creates it: tokens refer to a key by its kid.',
  );

const missingInputError = (): ToolError =>
  invalidFlagError(
    'Specify exactly one source of the key.',
    'A key comes from a file, a URL, or an org.',
    'Specify --from <file-or-url>, or --org <alias> with --setup-certificate <name>.',
  );

/**
 * Parses a public key from PEM or JSON. Never throws; an invalid input yields findings. No message repeats any part of the input,
 * because it can be a secret.
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
  'The input contains a private key. It was not imported. Store it where nobody else can read it.';

const USE_CERTIFICATE = 'Specify the certificate of the key. Only the public key is needed.';

const SUPPORTED_FORMATS = 'Specify a PEM certificate, a PEM public key with --certificate, a JWK, or a JWKS document.';

/** Names the usual kinds of text that are neither PEM nor JSON. */
function describeInput(text: string): string {
  if (text === '') return 'The input contains only whitespace.';
  if (/^(ssh-|ecdsa-)/.test(text)) return 'The input is an SSH key.';
  if (text.startsWith('<')) return 'The input is a web page or XML, not a key.';
  if (/^[\w-]+\.[\w-]+\.[\w-]*$/.test(text)) return 'The input is a token, not a key.';
  if (/^[A-Za-z0-9+/=\s]+$/.test(text)) return 'The input is base64 without the BEGIN and END lines of PEM.';
  return 'The input is neither PEM nor JSON.';
}
