import type { Context } from '../cli';
import { EXIT, type ExitCode } from '../errors';
import { readJwk } from '../jwk';
import { childrenOf, componentsOf, type Finding, joinNames, KEYS_ELEMENT, npmRun, textAt } from '../model';
import { serializeDocument, findingsText, wrap, wrapLines } from '../report';
import { readKeyProject } from './keyset';
import { jwkText, type PublicJwk } from './key-input';

/** A key that was written to source. */
export interface WrittenKey {
  readonly command: string;
  readonly name: string;
  readonly file: string;
  readonly jwk: PublicJwk;
}

/** Prints a key that was written to source, and the next step. */
export function showKey(
  { flags, layout, now, print, printJson }: Context,
  { command, name, file, jwk }: WrittenKey,
): ExitCode {
  const { key } = readJwk(jwkText(jwk), now);
  const expiresAt = key?.certificate?.notAfter.toISOString() ?? '';
  const thumbprint = key?.thumbprint ?? '';
  print(
    [
      file,
      wrap(layout, '    ', `kid ${jwk.kid}, ${jwk.alg}, ${key?.bits ?? 0} bits`, '  '),
      ...(thumbprint === jwk.kid ? [] : [`  thumbprint ${thumbprint}`]),
      `  certificate expires on ${expiresAt.slice(0, 10)}`,
    ].join('\n'),
  );
  print(`\n${wrapLines(layout, nextStepText(name, keysetsListing(flags.project, name)))}`);
  const keyJson = { name, file, kid: jwk.kid, alg: jwk.alg, thumbprint: key?.thumbprint, expiresAt };
  printJson(serializeDocument({ command, exitCode: EXIT.done, findings: [], key: keyJson }));
  return EXIT.done;
}

/** Keysets that list a key, in the source or for an org, each with the file and line: `Identity (config/orgs/uat.json:12)`. */
function keysetsListing(project: string, name: string): readonly string[] {
  const { source, orgs } = readKeyProject(project);
  const listings = [source.components, ...orgs.map(({ components }) => components)]
    .flatMap((components) => componentsOf(components, 'PublicKeyCertificateSet'))
    .flatMap((keyset) =>
      childrenOf(keyset.root, KEYS_ELEMENT)
        .filter((item) => textAt(item, 'publicKeyCertificate') === name)
        .map(
          ({ origin = keyset.root.origin }) => `${keyset.fullName}${origin ? ` (${origin.file}:${origin.line})` : ''}`,
        ),
    );
  return [...new Set(listings)];
}

/** A key that a keyset already lists, such as a renewed key, needs no rotation. */
const nextStepText = (name: string, listings: readonly string[]): string =>
  listings.length > 0
    ? `Already listed in ${joinNames(listings)}. Next: ${npmRun('check')}, then ${npmRun('plan')}`
    : `No keyset lists the key. To replace a key that is in use: ${npmRun('keys', 'rotate', 'stage', 'KEYSET', '--new-key', name)}\nOtherwise list it in publicKeyCertificateSetKeys of the keyset, or in the overrides of an org file.`;

/**
 * Prints findings and returns the exit code: that of invalid input, unless an org was contacted. The caller must have written
 * nothing.
 */
export function showFindings(
  { layout, print, printJson }: Context,
  command: string,
  findings: readonly Finding[],
  exitCode: ExitCode = EXIT.invalid,
): ExitCode {
  print(findingsText(layout, findings));
  printJson(serializeDocument({ command, exitCode, findings }));
  return exitCode;
}
