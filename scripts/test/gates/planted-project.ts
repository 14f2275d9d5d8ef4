import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PROJECT } from './walk';

/** Files by their path in the project. */
export type Files = Readonly<Record<string, string>>;

/** What a gate's command said, and how it ended. */
export interface Verdict {
  readonly exitCode: number | null;
  readonly output: string;
}

/** The project's own settings, for other files. */
const TSCONFIG = `{
  "extends": "${join(PROJECT, 'tsconfig.json').replaceAll('\\', '/')}",
  "compilerOptions": { "rootDir": "." },
  "include": ["scripts"]
}
`;

const SETTINGS: Files = {
  'tsconfig.json': TSCONFIG,
  // Its overrides go by path, counted from the folder that it lies in.
  '.prettierrc.json': readFileSync(join(PROJECT, '.prettierrc.json'), 'utf8'),
};

/** Runs an action in a throw-away project that has these files, our settings and our packages. */
export async function inProject<T>(files: Files, action: (folder: string) => T | Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'planted-'));
  try {
    symlinkSync(join(PROJECT, 'node_modules'), join(folder, 'node_modules'), 'junction');
    for (const [path, text] of Object.entries({ ...SETTINGS, ...files })) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    return await action(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs a tool of node_modules, by the script that its package names as its binary. */
export function run(script: string, args: readonly string[], cwd: string): Verdict {
  const tool = join(PROJECT, 'node_modules', script);
  const { status, stdout, stderr } = spawnSync(process.execPath, [tool, ...args], { cwd, encoding: 'utf8' });
  return { exitCode: status, output: stdout + stderr };
}

export const prettier = (folder: string): Verdict => run('prettier/bin/prettier.cjs', ['--check', '.'], folder);

export const eslint = (folder: string): Verdict =>
  run('eslint/bin/eslint.js', ['-c', join(PROJECT, '.config', 'eslint.config.mjs'), '.'], folder);

export const tsc = (folder: string): Verdict => run('typescript/bin/tsc', ['--noEmit', '-p', '.'], folder);
