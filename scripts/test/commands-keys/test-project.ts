import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after } from 'node:test';
import { PROJECT } from '../gates/list-files';

/** Creates a folder that is deleted after the tests of the file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'keys-'));
  after(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** Creates a copy of this project in a folder. */
export function createProject(folder: string): string {
  const project = mkdtempSync(join(folder, 'project-'));
  for (const name of ['force-app', 'member-site', 'config', 'sfdx-project.json'])
    cpSync(join(PROJECT, name), join(project, name), { recursive: true });
  return project;
}

export function writeFixture(folder: string, name: string, content: string | Buffer): string {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

/** Digest of each file in a folder. Two folders are equal if their digests are equal. */
export function folderDigest(folder: string): string {
  return filesBelow(folder)
    .map((file) => `${file} ${createHash('sha256').update(readFileSync(file)).digest('hex')}`)
    .join('\n');
}

export const filesBelow = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();

/** Encodes DER as PEM. */
export const pemOf = (label: string, der: Buffer): string =>
  [`-----BEGIN ${label}-----`, ...(der.toString('base64').match(/.{1,64}/g) ?? []), `-----END ${label}-----\n`].join(
    '\n',
  );
