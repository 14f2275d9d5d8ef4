import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { requireOfCli } from './cli-library';

const FILE_NAME = '.forceignore';

/** The patterns that the CLI adds to every .forceignore (source-deploy-retrieve, ForceIgnore). A test compares the results. */
const DEFAULT_PATTERNS = [
  '**/*.dup',
  '**/.*',
  '!.sf',
  '**/.sf/**',
  '!**/.sf/orgs',
  '!**/.sf/orgs/**',
  '**/.sf/orgs/*/**',
  '!**/.sf/orgs/*/remoteMetadata',
  '!**/.sf/orgs/*/remoteMetadata/**',
  '**/package2-descriptor.json',
  '**/package2-manifest.json',
];

/** The part of the package "ignore" that is used. */
type CreateMatcher = () => { add(patterns: string): { ignores(path: string): boolean } };

/**
 * Returns whether the CLI leaves out a file of a package directory: the nearest .forceignore, from the package directory upward,
 * excludes it. Without one, no file is left out. The file of a path must exist.
 */
export function readForceIgnore(packageDirectory: string): (path: string) => boolean {
  const folder = findUpward(resolve(packageDirectory));
  if (folder === undefined) return () => false;
  const patterns = readFileSync(join(folder, FILE_NAME), 'utf8');
  const matcher = (requireOfCli('ignore/index') as CreateMatcher)().add(`${DEFAULT_PATTERNS.join('\n')}\n${patterns}`);
  return (path) => matcher.ignores(relative(folder, resolve(path)));
}

function findUpward(folder: string): string | undefined {
  if (existsSync(join(folder, FILE_NAME))) return folder;
  const parent = dirname(folder);
  return parent === folder ? undefined : findUpward(parent);
}
