import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeAtomic } from '../files';
import { readJson } from '../json';
import type { Finding } from '../model';
import { rotationShape, type Rotation } from './rotation';

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
    .map((name) => readRotation(`${ROTATIONS_FOLDER}/${name}`, readFileSync(join(folder, name), 'utf8')));
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
    return {
      findings: problems.map(({ line, message }) =>
        rotationFileFinding(file, line, `The file isn't valid JSON: ${message}`),
      ),
    };
  const { success, data, error } = rotationShape.safeParse(value);
  if (!success) {
    return {
      findings: error.issues.map(({ path, message }) =>
        rotationFileFinding(file, 1, `${path.join('.') || 'The file'} is invalid: ${message}.`),
      ),
    };
  }
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

/** Writes the rotation, completely or not at all. */
export function writeRotation(project: string, rotation: Rotation): void {
  writeAtomic(join(project, rotationFile(rotation.keyset)), `${JSON.stringify(rotation, null, 2)}\n`);
}

const rotationFileFinding = (file: string, line: number, message: string): Finding => ({
  ...{ rule: 'bad-rotation-file', severity: 'error', component: '', path: '', file, line },
  message,
  fix: 'Restore the file from git. Only the steps of keys rotate write it.',
});
