import { pluralize, serializeDocument } from '../report';
import type { Context } from '../cli';
import { EXIT, type ExitCode } from '../errors';
import { keyNamesOf, type Component } from '../model';
import { readRotations } from '../rotation';
import type { JwksFlags } from './flags';
import { RESPONSE_HEADERS, buildJwks } from './jwks-document';
import { sourceKey, orgKeyset, sourceKeyset, readKeyProject, type KeyProject } from './keyset';
import { writeOutput } from './source-files';
import { showFindings } from './show-key';

const COMMAND = 'keys jwks';

/** Prints or writes the JWKS document for the endpoint of a keyset. */
export function runJwks(context: Context<JwksFlags>): ExitCode {
  const { flags, now, print, log, printJson } = context;
  const project = readKeyProject(flags.project);
  const keys = documentKeyNames(project, flags.name, flags.key).map((name) =>
    sourceKey(project.source.components, name),
  );
  const { jwks, findings } = buildJwks(keys, project.compromised, now);
  if (findings.length > 0) return showFindings(context, COMMAND, findings);
  const text = `${JSON.stringify(jwks, null, 2)}\n`;
  if (flags.out !== undefined) writeOutput(flags.out, text, 'overwrite');
  else if (!flags.json) print(text.trimEnd());
  log(`${summaryText(keys, jwks.keys.length)}${flags.out === undefined ? '' : ` Written to ${flags.out}.`}`);
  log(
    `Serve it over HTTPS, without a login, with these headers:\n${Object.entries(RESPONSE_HEADERS)
      .map((header) => `  ${header.join(': ')}`)
      .join('\n')}`,
  );
  printJson(
    serializeDocument({ command: COMMAND, exitCode: EXIT.done, findings: [], jwks, headers: RESPONSE_HEADERS }),
  );
  return EXIT.done;
}

function summaryText(keys: readonly Component[], count: number): string {
  const omitted = keys.length - count;
  const names = keys.map(({ fullName }) => fullName).join(', ');
  return `The document contains ${pluralize(count, 'key')} of ${names}.${omitted > 0 ? ` Omitted: ${pluralize(omitted, 'inactive key')}.` : ''}`;
}

/** The named keys; without names, the keys that the keyset lists in source or for any org, and those of its rotation. */
export function documentKeyNames(
  { folder, source, orgs }: KeyProject,
  keyset: string,
  named: readonly string[],
): readonly string[] {
  const declared = sourceKeyset(source.components, keyset);
  if (named.length > 0) return [...new Set(named)];
  const listed = [declared, ...orgs.map((org) => orgKeyset(org, keyset))].flatMap(keyNamesOf);
  const rotation = readRotations(folder).rotations.find((each) => each.keyset === keyset);
  const rotationKeys = rotation ? [rotation.newKey?.name, rotation.oldKey.name] : [];
  const existing = rotationKeys.flatMap((name) =>
    name !== undefined && source.components.has(`PublicKeyCertificate:${name}`) ? [name] : [],
  );
  return [...new Set([...listed, ...existing])];
}
