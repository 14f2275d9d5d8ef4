import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeAtomic } from '../files';
import { readJson } from '../json';
import type { Finding } from '../model';
import { rotationShape, type Rotation } from './rotation';

/** Where rotations stand, one file a keyset. */
export const ROTATIONS_FOLDER = 'config/rotations';

export const rotationFile = (keyset: string): string => `${ROTATIONS_FOLDER}/${keyset}.json`;

/** The rotations of a project, or what is wrong with their files. A project without any has none. */
export interface Rotations {
  readonly rotations: readonly Rotation[];
  readonly findings: readonly Finding[];
}

/** Reads config/rotations/*.json. Never throws for what a file says. */
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

/** Reads one rotation; its file has the name of the keyset. */
export function readRotation(
  file: string,
  text: string,
): { readonly rotation?: Rotation; readonly findings: readonly Finding[] } {
  const { value, problems } = readJson(text);
  if (problems.length > 0)
    return {
      findings: problems.map(({ line, message }) =>
        rotationFileFinding(file, line, `The file is not JSON: ${message}`),
      ),
    };
  const { success, data, error } = rotationShape.safeParse(value);
  if (!success) {
    return {
      findings: error.issues.map(({ path, message }) =>
        rotationFileFinding(file, 1, `${path.join('.') || 'The file'} is not as it should be: ${message}.`),
      ),
    };
  }
  if (rotationFile(data.keyset) === file) return { rotation: data, findings: [] };
  return {
    findings: [
      rotationFileFinding(
        file,
        1,
        `The file is about the keyset ${data.keyset}, whose file is ${rotationFile(data.keyset)}.`,
      ),
    ],
  };
}

/** Writes the rotation whole or not at all. */
export function writeRotation(project: string, rotation: Rotation): void {
  writeAtomic(join(project, rotationFile(rotation.keyset)), `${JSON.stringify(rotation, null, 2)}\n`);
}

const rotationFileFinding = (file: string, line: number, message: string): Finding => ({
  ...{ rule: 'bad-rotation-file', severity: 'error', component: '', path: '', file, line },
  message,
  fix: 'Take the file back from git: the steps of a rotation write it, nobody else.',
});
