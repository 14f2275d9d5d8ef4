import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Files } from './package-zip';

const SF = join(__dirname, '../../../node_modules/.bin/sf');

export interface SfResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The environment of the CLI with its own home folder. */
export function sfEnvironment(folder: string): NodeJS.ProcessEnv {
  const home = join(folder, 'home');
  mkdirSync(home, { recursive: true });
  return {
    PATH: process.env['PATH'],
    HOME: home,
    NODE_COMPILE_CACHE: join(folder, 'compile-cache'),
    SF_DISABLE_AUTOUPDATE: 'true',
    SF_DISABLE_TELEMETRY: 'true',
    SF_DISABLE_LOG_FILE: 'true',
    SF_SKIP_NEW_VERSION_CHECK: 'true',
    SF_SKIP_SCRATCH_ORG_CHECK: 'true',
    NO_COLOR: '1',
  };
}

/** The real CLI as a child process, with its own home folder. */
export class Sf {
  readonly #env: NodeJS.ProcessEnv;

  constructor(folder: string) {
    this.#env = sfEnvironment(folder);
  }

  /** Runs a command in a project folder and waits until it exits, with any exit code. */
  run(cwd: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<SfResult> {
    return new Promise((resolve) => {
      const options = { cwd, env: { ...this.#env, ...env }, maxBuffer: 32 * 1024 * 1024 };
      const child = execFile(process.execPath, [SF, ...args], options, (_error, stdout, stderr) =>
        resolve({ exitCode: child.exitCode ?? -1, stdout, stderr }),
      );
    });
  }
}

/** Creates a project in source format from files in metadata format. */
export function writeProject(folder: string, files: Files): void {
  write(join(folder, 'sfdx-project.json'), JSON.stringify(PROJECT));
  for (const [path, content] of Object.entries(files)) {
    write(join(folder, 'force-app/main/default', sourcePathOf(path)), content);
  }
}

const PROJECT = { packageDirectories: [{ path: 'force-app', default: true }], sourceApiVersion: '67.0' };

/** The path in source format of a file of an XML type. */
export function sourcePathOf(path: string): string {
  return path.startsWith('classes/') || path.startsWith('lwc/') ? path : `${path}-meta.xml`;
}

function write(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}
