import type { Context } from '../cli';
import { EXIT, type ExitCode } from '../errors';
import type { Component } from '../model';
import { readRotations } from '../rotation';
import type { JwksFlags } from './flags';
import { HEADERS, jwksOf } from './jwks-document';
import { keyOfSource, keysetIn, keysetOf, keysOf, readKeyProject, type KeyProject } from './keyset';
import { writeOutput } from './output';
import { showFindings } from './told';

const COMMAND = 'keys jwks';

/** Writes the document that the endpoint of a keyset should serve. */
export function runJwks(context: Context<JwksFlags>): ExitCode {
  const { flags, now, show, progress, document } = context;
  const project = readKeyProject(flags.project);
  const keys = namesOf(project, flags.name, flags.key).map((name) => keyOfSource(project.source.components, name));
  const { jwks, findings } = jwksOf(keys, now);
  if (findings.length > 0) return showFindings(context, COMMAND, findings);
  const text = `${JSON.stringify(jwks, null, 2)}\n`;
  if (flags.out !== undefined) writeOutput(flags.out, text, 'again');
  else if (!flags.json) show(text.trimEnd());
  progress(`${told(keys, jwks.keys.length)}${flags.out === undefined ? '' : ` Written to ${flags.out}.`}`);
  progress(
    `Serve it without a login, over https, with:\n${Object.entries(HEADERS)
      .map((header) => `  ${header.join(': ')}`)
      .join('\n')}`,
  );
  document(JSON.stringify({ command: COMMAND, exitCode: EXIT.done, findings: [], jwks, headers: HEADERS }, null, 2));
  return EXIT.done;
}

function told(keys: readonly Component[], count: number): string {
  const left = keys.length - count;
  const inactive = left > 0 ? ` ${left} inactive left out.` : '';
  return `${count} of ${keys.map(({ fullName }) => fullName).join(', ')} in the document.${inactive}`;
}

/** The keys that are named; else those that the keyset lists anywhere, and those of its rotation. */
export function namesOf(
  { folder, source, orgs }: KeyProject,
  keyset: string,
  named: readonly string[],
): readonly string[] {
  const stated = keysetOf(source.components, keyset);
  if (named.length > 0) return [...new Set(named)];
  const listed = [stated, ...orgs.map((org) => keysetIn(org, keyset))].flatMap(keysOf);
  const rotation = readRotations(folder).rotations.find((each) => each.keyset === keyset);
  const turning = rotation ? [rotation.next?.name, rotation.retiring.name] : [];
  const known = turning.flatMap((name) =>
    name !== undefined && source.components.has(`PublicKeyCertificate:${name}`) ? [name] : [],
  );
  return [...new Set([...listed, ...known])];
}
