/**
 * A process that loads the pinned Salesforce CLI once and runs commands for its parent. Loading the CLI is most of the cost of a
 * command, so a fleet shares a few workers.
 *
 * cli-worker.ts starts it as a separate program. It uses Node's type stripping, so that it starts without the TypeScript
 * compiler, and communicates with its parent only over the process channel.
 */
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { createRequire, findPackageJSON } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { loadLazily } from './lazy-modules.mts';
import { useKnownPaths } from './module-paths.mts';
import { currentCommand, patchCli, type RunningCommand } from './patch-cli.mts';
import { omitOutput, readJobsOnce, speedUpCli } from './speed-up-cli.mts';
import type { LoadCommands, PinnedLogin, ReadLogin, WorkerResponse, WorkerRequest } from './protocol.ts';

interface OclifConfig {
  runCommand(id: string, argv: readonly string[], found?: FoundCommand): Promise<unknown>;
  findCommand(id: string): FoundCommand | undefined;
}

interface FoundCommand {
  load(): Promise<CommandClass>;
}

interface CommandClass {
  readonly prototype: object;
}

type LoadConfig = (options: object) => Promise<OclifConfig>;

/** The plugins with the commands that `Sf` runs, and `config list`, which shows the settings that a worker reads. */
const PLUGINS = ['api', 'auth', 'data', 'deploy-retrieve', 'settings'].map((name) => `@salesforce/plugin-${name}`);

/** The folder of the CLI, and `require` as its modules have it. Throws if it isn't installed. */
function findCli(): { readonly root: string; readonly cliRequire: NodeJS.Require } {
  const manifest = findPackageJSON('@salesforce/cli', import.meta.url);
  if (manifest === undefined) throw new Error('The package @salesforce/cli is not installed.');
  return { root: dirname(manifest), cliRequire: createRequire(manifest) };
}

const { root, cliRequire } = findCli();
const knownPaths = useKnownPaths(join(root, '../..'));

async function loadCli(): Promise<OclifConfig> {
  loadLazily(cliRequire);
  speedUpCli(cliRequire);
  patchCli(cliRequire);
  const { Config } = cliRequire('@oclif/core') as { Config: { load: LoadConfig } };
  const load = Config.load.bind(Config);
  const manifest = cliRequire('./package.json') as { readonly oclif: object };
  const pjson = { ...manifest, oclif: { ...manifest.oclif, plugins: PLUGINS, jitPlugins: {} } };
  // A plugin that the user installed could replace a command.
  const config = await load({ root, pjson, userPlugins: false, devPlugins: false });
  // Each command asks for the configuration that it was given. Without this, oclif reads it again: half the cost of a command.
  Config.load = (options) => (options === config ? Promise.resolve(config) : load(options));
  return config;
}

const READ_LOGIN = 'worker:login' satisfies ReadLogin;
const LOAD_COMMANDS = 'worker:load' satisfies LoadCommands;

interface LoginStore {
  readonly aliases: { resolveUsername(alias: string): string };
  readonly orgs: { read(username: string): Promise<PinnedLogin | null> };
}

/** How often a file of the login store is read again, and the pause before that, in milliseconds. */
const MAX_READS = 20;
const READ_PAUSE_MS = 50;

/** The name is that of the CLI's error for a login that it can't use. */
class IncompleteLogin extends Error {
  override readonly name = 'AuthInfoCreationError';
}

const isIncomplete = (thrown: unknown): boolean =>
  thrown instanceof IncompleteLogin || /^(JsonParseError|SyntaxError)$/.test((thrown as Error).name);

/** Reads the login of an alias. A file that isn't JSON is read again for a second: another process may be writing it. */
async function readLogin(alias: string, reads = 1): Promise<PinnedLogin> {
  try {
    return await readLoginOnce(alias);
  } catch (thrown) {
    if (reads >= MAX_READS || !isIncomplete(thrown)) throw thrown;
    await pause(READ_PAUSE_MS);
    return readLogin(alias, reads + 1);
  }
}

/** Reads the login of an alias from disk: the CLI keeps the aliases that it read first in memory. */
async function readLoginOnce(alias: string): Promise<PinnedLogin> {
  const { StateAggregator } = cliRequire('@salesforce/core/stateAggregator') as {
    StateAggregator: { create(): Promise<LoginStore> };
  };
  const { aliases, orgs } = await StateAggregator.create();
  const username = aliases.resolveUsername(alias);
  const login = await orgs.read(username);
  if (!login) {
    assertUsableStore(username);
    throw new Error(`No authorization information found for ${alias}.`);
  }
  // The CLI takes some files that aren't JSON as empty.
  if (!login.instanceUrl) throw new IncompleteLogin(`The login file of ${username} is incomplete.`);
  return { username, instanceUrl: login.instanceUrl, orgId: login.orgId };
}

/**
 * Throws the error of the file system that keeps the CLI from using the file of a login. The CLI reports such a login as missing, also
 * if it can't write to the folder (GenericKeychainAccess and OrgAccessor of @salesforce/core).
 */
function assertUsableStore(username: string): void {
  const folder = join(homedir(), '.sfdx');
  const file = join(folder, `${username}.json`);
  if (!existsSync(file)) return;
  readFileSync(file);
  accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
}

async function runCommand(cli: OclifConfig, { id, command, argv }: WorkerRequest): Promise<WorkerResponse> {
  try {
    return { id, result: toPlainData(await runRequest(cli, command, argv)) };
  } catch (thrown) {
    if (isMissingFile(thrown)) knownPaths.forget();
    return { id, error: describe(thrown) };
  }
}

async function runRequest(cli: OclifConfig, command: string, argv: readonly string[]): Promise<unknown> {
  if (command === READ_LOGIN) return readLogin(String(argv[0]));
  if (command !== LOAD_COMMANDS) return cli.runCommand(command, argv, await loadOnce(cli, command));
  await Promise.all(argv.map((id) => loadOnce(cli, id)));
  return null;
}

const loaded = new Map<string, FoundCommand>();
let hasPatchedJobs = false;

/** Deploys and retrieves have modules that a worker that only queries doesn't load. */
function patchJobs(id: string): void {
  if (hasPatchedJobs || !id.startsWith('project:')) return;
  hasPatchedJobs = true;
  readJobsOnce(cliRequire);
}

/** A command that has loaded its class. The CLI looks for the file of the class each time. */
async function loadOnce(cli: OclifConfig, id: string): Promise<FoundCommand | undefined> {
  const known = loaded.get(id);
  if (known) return known;
  const found = cli.findCommand(id);
  if (!found) return undefined;
  const command = await found.load();
  omitOutput(command);
  patchJobs(id);
  const result = { ...found, load: () => Promise.resolve(command) };
  loaded.set(id, result);
  return result;
}

const isMissingFile = (thrown: unknown): boolean =>
  /^(ENOENT|(ERR_)?MODULE_NOT_FOUND)$/.test(String((thrown as { code?: unknown } | null)?.code));

/** Runs a command in its own context. The CLI ignores the errors of some requests, but a request to another org fails the command. */
async function runGuarded(cli: OclifConfig, request: WorkerRequest): Promise<WorkerResponse> {
  const command: RunningCommand = { ...request, hasWritten: false, renewals: [] };
  const response = await currentCommand.run(command, () => runCommand(cli, request));
  const { violation } = command;
  return violation ? { id: request.id, error: describe(violation) } : response;
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
 * If a response is truncated, the CLI doesn't handle the error, which would end this process with the commands of all other orgs.
 */
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
process.on('disconnect', () => {
  knownPaths.save();
  process.exit(0);
});

const MEMORY_INTERVAL_MS = 200;
let measured = { at: 0, memory: 0 };

/** The memory of this process in megabytes. Measuring it takes a tenth of the time of a query, so it isn't done for each command. */
function measureMemory(): number {
  const at = performance.now();
  if (measured.at === 0 || at - measured.at > MEMORY_INTERVAL_MS)
    measured = { at, memory: process.memoryUsage.rss() / 2 ** 20 };
  return measured.memory;
}

const cli = loadCli();
// The first command reports the error.
cli.catch(() => knownPaths.forget());
process.on('message', (request: WorkerRequest) => {
  void cli
    .then((config) => runGuarded(config, request))
    .catch((thrown: unknown) => ({ id: request.id, error: describe(thrown) }))
    .then((response) => process.send?.({ ...response, memory: measureMemory() }));
});
