import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { EXIT, ToolError } from '../errors';
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
 * excludes it. Without one, no file is left out. The file of a path must exist. Throws `unreadable-file` if it can't be read: the CLI
 * then deploys every file without a message.
 */
export function readForceIgnore(packageDirectory: string): (path: string) => boolean {
  const folder = findUpward(resolve(packageDirectory));
  if (folder === undefined) return () => false;
  const patterns = readPatterns(join(folder, FILE_NAME));
  const matcher = (requireOfCli('ignore/index') as CreateMatcher)().add(`${DEFAULT_PATTERNS.join('\n')}\n${patterns}`);
  return (path) => matcher.ignores(relative(folder, resolve(path)));
}

function readPatterns(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    throw new ToolError(
      'unreadable-file',
      {
        what: `${file} can't be read.`,
        why: code === 'EISDIR' ? 'It is a folder.' : `The operating system reports ${code ?? 'an unknown error'}.`,
        fix: 'Make it a readable text file with one pattern in each line, or remove it. The CLI ignores it, and deploys every file.',
      },
      { exit: EXIT.invalid, cause: thrown },
    );
  }
}

function findUpward(folder: string): string | undefined {
  if (existsSync(join(folder, FILE_NAME))) return folder;
  const parent = dirname(folder);
  return parent === folder ? undefined : findUpward(parent);
}
