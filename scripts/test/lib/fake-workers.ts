import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ToolError } from '../../lib/errors';
import type { CliWorkerPool } from '../../lib/sf';
import { pack, unpack } from '../../lib/sf/archive';
import type { ReadLogin } from '../../lib/sf/protocol';
import type { FakeSf } from './fake-sf';

/** The value of a flag of a CLI command. */
const flagIn = (argv: readonly string[], name: string): string => argv[argv.indexOf(name) + 1] ?? '';

const lastPart = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

type CliCommand = (sf: FakeSf, alias: string, argv: readonly string[]) => Promise<unknown>;

/** The commands that `Sf` runs, by their oclif ID. The username of an org is its alias. */
const CLI_COMMANDS: Readonly<Record<string, CliCommand>> = {
  ['worker:login' satisfies ReadLogin]: async (sf, _username, [alias = '']) => ({
    ...(await sf.loginOf(alias)),
    username: alias,
  }),
  'data:query': async (sf, alias, argv) => {
    const records = await sf.query(alias, flagIn(argv, '--query'), argv.includes('--use-tooling-api'));
    return { records, totalSize: records.length };
  },
  'project:retrieve:start': async (sf, alias, argv) => {
    const files = await sf.retrieve(alias, readFileSync(flagIn(argv, '--manifest'), 'utf8'));
    const texts = new Map([...files].map(([path, content]) => [path, content.toString()]));
    writeFileSync(join(flagIn(argv, '--target-metadata-dir'), flagIn(argv, '--zip-file-name')), pack(texts));
    return { status: 'Succeeded', messages: [] };
  },
  'project:deploy:start': async (sf, alias, argv) => {
    const files = unpack(readFileSync(flagIn(argv, '--metadata-dir')));
    return { id: await sf.deploy(alias, new Map([...files].map(([path, content]) => [path, content.toString()]))) };
  },
  'project:deploy:report': (sf, alias, argv) => sf.report(alias, flagIn(argv, '--job-id')),
  'data:update:record': async (sf, alias, argv) => {
    const [id, values] = [flagIn(argv, '--record-id'), flagIn(argv, '--values')];
    const [, handlerId, queueId] = /^SessionHandlerId=(\S+)(?: FallbackQueueId=(\S+))?$/.exec(values) ?? [];
    if (handlerId === undefined) return sf.setActive(alias, id, values === 'IsActive=true');
    return sf.setSessionHandler(alias, id, { handlerId, ...(queueId !== undefined && { queueId }) });
  },
  'api:request:rest': async (sf, alias, [path = '']) => {
    if (path.endsWith('connect/communities')) {
      const sites = await sf.experienceSites(alias);
      return {
        statusCode: 200,
        body: { communities: sites.map(({ name, template }) => ({ name, templateName: template })) },
      };
    }
    await sf.publish(alias, lastPart(path));
    return { statusCode: 200, body: {} };
  },
};

/** CLI workers whose commands reach the orgs of a fake, so that a whole command runs without a process. */
export function fakeWorkers(sf: FakeSf): CliWorkerPool {
  const run = async (_lane: string, command: string, argv: readonly string[]): Promise<unknown> => {
    const runCommand = CLI_COMMANDS[command];
    if (!runCommand) throw new Error(`The fake CLI has no command ${command}.`);
    const result = runCommand(sf, flagIn(argv, '--target-org'), argv);
    return { id: 1, result: (await (isRead(command) ? result.catch(throwOnce) : result)) ?? null };
  };
  return { home: sf.home, createFolder, run } as unknown as CliWorkerPool;
}

const isRead = (command: string): boolean => /:(?:query|report)$|:retrieve:/.test(command);

/** `Sf` repeats a read, which takes seconds, unless the error has no cause. */
function throwOnce(thrown: unknown): never {
  if (!(thrown instanceof ToolError)) throw thrown;
  const { code, what, why, fix, exit } = thrown;
  throw new ToolError(code, { what, why, fix }, { exit });
}

let root: string | undefined;

/** A folder for the files of one command. It is removed when the process ends. */
function createFolder(): string {
  if (root === undefined) {
    const folder = (root = mkdtempSync(join(tmpdir(), 'fake-workers-')));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  }
  return mkdtempSync(join(root, 'command-'));
}
