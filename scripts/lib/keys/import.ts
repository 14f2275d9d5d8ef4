import type { Context } from '../cli';
import { EXIT, ToolError, type ExitCode, invalidFlagError } from '../errors';
import { compromisedKeyOf, keyFactsOf } from '../jwk';
import { componentsOf, type Component, type ComponentMap, type CompromisedKey, type Finding, npmRun } from '../model';
import { findingsText } from '../report';
import { readSource } from '../project';
import { readCompromisedKeys } from '../rotation';
import { assertUnique, type UseWorkers } from './keyset';
import { keyComponent, withJwk, assertDeveloperName, componentEdit, keyFilePath, writeEdits } from './source-files';
import { isUrl } from '../verification/endpoint';
import type { ImportFlags } from './flags';
import { compromisedKeyFinding, finding, type KeyInput, type ParseResult, type PublicJwk } from './key-input';
import { readCertificateFile, readKeyInput, retrieveCertificate } from './read-key-input';
import { showFindings, showKey } from './show-key';
import { parsePublicKey } from './parse-public-key';

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
  const constraints = {
    kid: flags.kid,
    alg: flags.alg ?? existingFacts?.alg,
    certificate,
    now,
  };
  const parsed = rejectCompromised(parsePublicKey(input, constraints), input, readCompromisedKeys(flags.project));
  const result = checkAgainstSource(parsed, input, source, existing);
  // Exit code 3 means that no org was contacted.
  const exitCode = flags.setupCertificate === undefined ? EXIT.invalid : EXIT.failed;
  if (!result.jwk) return showFindings(context, COMMAND, result.findings, exitCode);
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
