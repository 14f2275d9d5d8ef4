/**
 * A process that has loaded the pinned Salesforce CLI once and runs its commands as the parent asks for them. Loading the
 * CLI is most of what a command costs, so a fleet shares a few such hosts.
 *
 * It is a program of its own, started by pool.ts: it runs on Node's own type stripping, so that it starts without the
 * TypeScript compiler, and it talks to its parent over the process channel alone.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { createRequire, findPackageJSON } from 'node:module';
import { dirname } from 'node:path';
import type { WorkerResponse, WorkerRequest } from './protocol.ts';

interface OclifConfig {
  runCommand(id: string, argv: readonly string[]): Promise<unknown>;
  findCommand(id: string): { load(): Promise<unknown> } | undefined;
}

type LoadConfig = (options: object) => Promise<OclifConfig>;

/** Loaded while the parent is still reading its files. */
const FIRST_NEEDED = ['project:retrieve:start', 'data:query', 'project:deploy:start', 'project:deploy:report'];

async function loadCli(): Promise<OclifConfig> {
  const manifest = findPackageJSON('@salesforce/cli', import.meta.url);
  if (manifest === undefined) throw new Error('The package @salesforce/cli is not installed.');
  const root = dirname(manifest);
  const cliRequire = createRequire(manifest);
  boundRenewals(cliRequire);
  const { Config } = cliRequire('@oclif/core') as { Config: { load: LoadConfig } };
  const load = Config.load.bind(Config);
  const config = await load({ root });
  // Each command asks for the configuration that it was given, and oclif would read it anew: half of what a command costs.
  Config.load = (options) => (options === config ? Promise.resolve(config) : load(options));
  await Promise.all(FIRST_NEEDED.map(async (id) => config.findCommand(id)?.load()));
  return config;
}

interface Renewing {
  refresh: (since: number) => Promise<void>;
}

function renewing(cliRequire: NodeJS.Require): Renewing | undefined {
  try {
    const found: unknown = cliRequire('@jsforce/jsforce-node/lib/session-refresh-delegate');
    return (found as { SessionRefreshDelegate?: { prototype: Renewing } }).SessionRefreshDelegate?.prototype;
  } catch {
    return undefined;
  }
}

/** How often a command may have its session renewed within a minute. */
const RENEWALS = 5;

/**
 * An org may end every session as soon as it is made. The CLI renews it, asks again and has it renewed again for ever then: the
 * connection that each renewal makes has its own session ended. A command that goes on so gives up with the words of the org.
 * A CLI that keeps this elsewhere works without the bound; expiring.test.ts tells.
 */
function boundRenewals(cliRequire: NodeJS.Require): void {
  const prototype = renewing(cliRequire);
  if (!prototype) return;
  const { refresh } = prototype;
  prototype.refresh = function (since: number) {
    const command = atWork.getStore();
    const now = Date.now();
    const recent = command ? command.renewals.filter((at) => now - at < 60_000) : [];
    if (command) command.renewals = [...recent, now];
    if (recent.length < RENEWALS) return refresh.call(this, since);
    const ended = new Error('The org ends each session as soon as it is renewed.');
    ended.name = 'INVALID_SESSION_ID';
    return Promise.reject(ended);
  };
}

async function answer(cli: OclifConfig, { id, command, argv }: WorkerRequest): Promise<WorkerResponse> {
  try {
    return { id, result: plain(await cli.runCommand(command, argv)) };
  } catch (thrown) {
    return { id, error: describe(thrown) };
  }
}

/** Only data crosses to the parent; the CLI hands out objects with methods. */
const plain = (value: unknown): unknown =>
  value === undefined ? null : (JSON.parse(JSON.stringify(value)) as unknown);

function describe(thrown: unknown): NonNullable<WorkerResponse['error']> {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  return {
    name: error.name,
    message: error.message,
    cause: causesOf(error),
    data: plain((error as { data?: unknown }).data ?? null),
  };
}

/** Why, and why that: the code of a broken connection is at the bottom. */
function causesOf({ cause }: Error): string {
  if (!(cause instanceof Error)) return '';
  const { code } = cause as { code?: unknown };
  const text = `${cause.name}: ${cause.message}${typeof code === 'string' ? ` (${code})` : ''}`;
  return [text, causesOf(cause)].filter((each) => each !== '').join(' < ');
}

/**
 * The request that the code of this moment works for. The CLI has no ears for an answer that breaks off in the middle: the
 * error reaches nobody, and would end this process with the commands of every other org in it.
 */
const atWork = new AsyncLocalStorage<{ readonly id: number; renewals: readonly number[] }>();
process.on('uncaughtException', (thrown: unknown) => {
  const id = atWork.getStore()?.id;
  if (id === undefined) throw thrown;
  process.send?.({ id, error: describe(thrown) });
});

// The CLI looks through the whole environment many times a command, which is slow on the object that Node provides.
process.env = { ...process.env };
// Every command of the CLI adds its own signal handlers.
process.setMaxListeners(0);
// With --json a command prints its answer; the parent gets it as the return value instead.
process.stdout.write = () => true;
process.stderr.write = () => true;
process.on('disconnect', () => process.exit(0));

const cli = loadCli();
// The first command says what is wrong.
cli.catch(() => undefined);
process.on('message', (request: WorkerRequest) => {
  void cli
    .then((config) => atWork.run({ id: request.id, renewals: [] }, () => answer(config, request)))
    .catch((thrown: unknown) => ({ id: request.id, error: describe(thrown) }))
    .then((reply) => process.send?.({ ...reply, memory: process.memoryUsage.rss() / 2 ** 20 }));
});
