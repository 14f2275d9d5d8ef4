import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PROJECT } from './list-files';

/** File contents by path in the project. */
export type ProjectFiles = Readonly<Record<string, string>>;

/** Output and exit code of a gate. */
export interface ToolResult {
  readonly exitCode: number | null;
  readonly output: string;
}

/** Settings of this project, copied to the temporary project. */
const TSCONFIG = `{
  "extends": "${join(PROJECT, 'tsconfig.json').replaceAll('\\', '/')}",
  "compilerOptions": { "rootDir": "." },
  "include": ["scripts"]
}
`;

const CONFIG_FILES: ProjectFiles = {
  'tsconfig.json': TSCONFIG,
  // The overrides of prettier contain paths relative to the folder of this file.
  '.prettierrc.json': readFileSync(join(PROJECT, '.prettierrc.json'), 'utf8'),
};

/** Runs an action in a temporary project with the given files and the settings and packages of this project. */
export async function withProject<T>(files: ProjectFiles, action: (folder: string) => T | Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'planted-'));
  try {
    symlinkSync(join(PROJECT, 'node_modules'), join(folder, 'node_modules'), 'junction');
    for (const [path, text] of Object.entries({ ...CONFIG_FILES, ...files })) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    return await action(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs a tool of node_modules by the path of its script. */
export function runTool(script: string, args: readonly string[], cwd: string): ToolResult {
  const tool = join(PROJECT, 'node_modules', script);
  const { status, stdout, stderr } = spawnSync(process.execPath, [tool, ...args], { cwd, encoding: 'utf8' });
  return { exitCode: status, output: stdout + stderr };
}

export const runPrettier = (folder: string): ToolResult =>
  runTool('prettier/bin/prettier.cjs', ['--check', '.'], folder);

export const runOxlint = (folder: string): ToolResult =>
  runTool('oxlint/bin/oxlint', ['-c', join(PROJECT, '.oxlintrc.json'), '--type-check', 'scripts'], folder);

export const runEslint = (folder: string): ToolResult =>
  runTool('eslint/bin/eslint.js', ['-c', join(PROJECT, '.config', 'eslint.config.mjs'), '.'], folder);
