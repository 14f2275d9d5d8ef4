import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { issueSentence, readJson, readRegularFile, writeAtomic } from '../files';
import { EXIT, ToolError } from '../errors';
import type { CompromisedKey, Finding } from '../model';
import { compromisedKeysShape, rotationShape, type Rotation } from './rotation';

/** The folder of rotations, one file for each keyset. */
export const ROTATIONS_FOLDER = 'config/rotations';

export const rotationFile = (keyset: string): string => `${ROTATIONS_FOLDER}/${keyset}.json`;

/** The rotations of a project, and the findings about their files. */
export interface Rotations {
  readonly rotations: readonly Rotation[];
  readonly findings: readonly Finding[];
}

/** Reads config/rotations/*.json. Invalid content becomes a finding. */
export function readRotations(project: string): Rotations {
  const folder = join(project, ROTATIONS_FOLDER);
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
  const read = names
    .sort()
    .map((name) => readRotation(`${ROTATIONS_FOLDER}/${name}`, readRegularFile(join(folder, name))));
  return {
    rotations: read.flatMap(({ rotation }) => rotation ?? []),
    findings: read.flatMap(({ findings }) => findings),
  };
}

/** Reads one rotation. Its file must have the name of its keyset. */
export function readRotation(
  file: string,
  text: string,
): { readonly rotation?: Rotation; readonly findings: readonly Finding[] } {
  const { value, problems } = readJson(text);
  if (problems.length > 0)
    return { findings: problems.map(({ line, message }) => rotationFileFinding(file, line, invalidJsonText(message))) };
  const { success, data, error } = rotationShape.safeParse(value);
  if (!success) return { findings: error.issues.map((issue) => rotationFileFinding(file, 1, issueSentence(issue))) };
  if (rotationFile(data.keyset) === file) return { rotation: data, findings: [] };
  return {
    findings: [
      rotationFileFinding(
        file,
        1,
        `The file describes the rotation of ${data.keyset}, which belongs in ${rotationFile(data.keyset)}.`,
      ),
    ],
  };
}

/**
 * Writes the rotation, completely or not at all. A compromised key is remembered first: the file of a rotation is replaced by the next
 * rotation of the keyset, and nothing may trust the key again.
 */
export function writeRotation(project: string, rotation: Rotation, now: Date): void {
  rememberCompromisedKey(project, rotation, now);
  writeAtomic(join(project, rotationFile(rotation.keyset)), toText(rotation));
}

/** The file of the compromised keys. It belongs to the source, so that every machine of a pipeline has it, and contains no secret. */
const COMPROMISED_KEYS_FILE = 'config/compromised-keys.json';

/** The keys that rotations marked as compromised. Throws `unreadable-file`: without the list, any key could be one of them. */
export function readCompromisedKeys(project: string): readonly CompromisedKey[] {
  const path = join(project, COMPROMISED_KEYS_FILE);
  if (!existsSync(path)) return [];
  const { value, problems } = readJson(readRegularFile(path));
  const [syntax] = problems;
  if (syntax) throw unreadableKeysError(invalidJsonText(syntax.message));
  const { data, error } = compromisedKeysShape.safeParse(value);
  if (!data) throw unreadableKeysError(error.issues.map(issueSentence).join(' '));
  return data.keys;
}

const invalidJsonText = (message: string): string => `The file isn't valid JSON: ${message}`;

function rememberCompromisedKey(project: string, rotation: Rotation, now: Date): void {
  const before = readCompromisedKeys(project);
  const keys = withCompromisedKey(before, rotation, now);
  if (keys !== before) writeAtomic(join(project, COMPROMISED_KEYS_FILE), toText({ keys }));
}

/** The compromised keys with the old key of a rotation that marks it as compromised. */
export function withCompromisedKey(
  keys: readonly CompromisedKey[],
  { oldKey, keyset, compromised }: Rotation,
  now: Date,
): readonly CompromisedKey[] {
  if (!compromised || keys.some(({ thumbprint }) => thumbprint === oldKey.thumbprint)) return keys;
  const { thumbprint, name, kid } = oldKey;
  return [...keys, { thumbprint, name, kid, keyset, markedAt: now.toISOString() }];
}

const toText = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;

const unreadableKeysError = (why: string): ToolError =>
  new ToolError(
    'unreadable-file',
    {
      what: `${COMPROMISED_KEYS_FILE} can't be read. Nothing was sent to an org.`,
      why: `It lists the keys that no org may trust. ${why}`,
      fix: 'Restore the file from git. Only keys rotate retire --compromised writes it.',
    },
    { exit: EXIT.invalid },
  );

const rotationFileFinding = (file: string, line: number, message: string): Finding => ({
  rule: 'bad-rotation-file',
  severity: 'error',
  component: '',
  path: '',
  file,
  line,
  message,
  fix: 'Restore the file from git. Only the steps of keys rotate write it.',
});
