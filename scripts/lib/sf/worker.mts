/**
 * A process that loads the pinned Salesforce CLI once and runs commands for its parent. Loading the CLI is most of the cost of a
 * command, so a fleet shares a few workers.
 *
 * cli-worker.ts starts it as a separate program. It uses Node's type stripping, so that it starts without the TypeScript
 * compiler, and communicates with its parent only over the process channel.
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

/** Commands to load while the parent reads its files. */
const PRELOADED = ['project:retrieve:start', 'data:query', 'project:deploy:start', 'project:deploy:report'];

async function loadCli(): Promise<OclifConfig> {
  const manifest = findPackageJSON('@salesforce/cli', import.meta.url);
  if (manifest === undefined) throw new Error('The package @salesforce/cli is not installed.');
  const root = dirname(manifest);
  const cliRequire = createRequire(manifest);
  limitRenewals(cliRequire);
  const { Config } = cliRequire('@oclif/core') as { Config: { load: LoadConfig } };
  const load = Config.load.bind(Config);
  const config = await load({ root });
  // Each command asks for the configuration that it was given. Without this, oclif reads it again: half the cost of a command.
  Config.load = (options) => (options === config ? Promise.resolve(config) : load(options));
  await Promise.all(PRELOADED.map(async (id) => config.findCommand(id)?.load()));
  return config;
}

interface SessionRefresher {
  refresh: (since: number) => Promise<void>;
}

function sessionRefresher(cliRequire: NodeJS.Require): SessionRefresher | undefined {
  try {
    const module: unknown = cliRequire('@jsforce/jsforce-node/lib/session-refresh-delegate');
    return (module as { SessionRefreshDelegate?: { prototype: SessionRefresher } }).SessionRefreshDelegate?.prototype;
  } catch {
    return undefined;
  }
}

/** How often a command can renew its session within a minute. */
const MAX_RENEWALS = 5;

/**
 * Limits session renewals. If an org expires every session at once, the CLI renews sessions without end. A command that reaches
 * the limit fails with the error of the org. If a version of the CLI has this code elsewhere, there's no limit, and
 * session-expiry.test.ts fails.
 */
function limitRenewals(cliRequire: NodeJS.Require): void {
  const prototype = sessionRefresher(cliRequire);
  if (!prototype) return;
  const { refresh } = prototype;
  prototype.refresh = function (since: number) {
    const command = currentCommand.getStore();
    const now = Date.now();
    const recent = command ? command.renewals.filter((at) => now - at < 60_000) : [];
    if (command) command.renewals = [...recent, now];
    if (recent.length < MAX_RENEWALS) return refresh.call(this, since);
    const error = new Error('The org expires each session as soon as it is renewed.');
    error.name = 'INVALID_SESSION_ID';
    return Promise.reject(error);
  };
}

async function runCommand(cli: OclifConfig, { id, command, argv }: WorkerRequest): Promise<WorkerResponse> {
  try {
    return { id, result: toPlainData(await cli.runCommand(command, argv)) };
  } catch (thrown) {
    return { id, error: describe(thrown) };
  }
}

/** Removes methods from the objects that the CLI returns: only data can be sent to the parent. */
const toPlainData = (value: unknown): unknown =>
  value === undefined ? null : (JSON.parse(JSON.stringify(value)) as unknown);

function describe(thrown: unknown): NonNullable<WorkerResponse['error']> {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  return {
    name: error.name,
    message: error.message,
    cause: causesOf(error),
    data: toPlainData((error as { data?: unknown }).data ?? null),
  };
}

/** The chain of causes. The code of a lost connection is in the last one. */
function causesOf({ cause }: Error): string {
  if (!(cause instanceof Error)) return '';
  const { code } = cause as { code?: unknown };
  const text = `${cause.name}: ${cause.message}${typeof code === 'string' ? ` (${code})` : ''}`;
  return [text, causesOf(cause)].filter((each) => each !== '').join(' < ');
}

/**
 * The command that the current code belongs to. If a response is truncated, the CLI doesn't handle the error, which would end
 * this process with the commands of all other orgs.
 */
const currentCommand = new AsyncLocalStorage<{ readonly id: number; renewals: readonly number[] }>();
process.on('uncaughtException', (thrown: unknown) => {
  const id = currentCommand.getStore()?.id;
  if (id === undefined) throw thrown;
  process.send?.({ id, error: describe(thrown) });
});

// The CLI reads the whole environment many times per command, which is slow on the object that Node provides.
process.env = { ...process.env };
// Every command of the CLI adds its own signal handlers.
process.setMaxListeners(0);
// With --json, a command prints its result. The parent gets the return value instead.
process.stdout.write = () => true;
process.stderr.write = () => true;
process.on('disconnect', () => process.exit(0));

const cli = loadCli();
// The first command reports the error.
cli.catch(() => undefined);
process.on('message', (request: WorkerRequest) => {
  void cli
    .then((config) => currentCommand.run({ id: request.id, renewals: [] }, () => runCommand(config, request)))
    .catch((thrown: unknown) => ({ id: request.id, error: describe(thrown) }))
    .then((response) => process.send?.({ ...response, memory: process.memoryUsage.rss() / 2 ** 20 }));
});
