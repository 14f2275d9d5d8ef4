/** Changes to the Salesforce CLI inside a worker that only save processor time. */
import fs from 'node:fs';
import { dirname, join } from 'node:path';

/** Applies all changes but `omitOutput` and `readJobsOnce`. Call it before any module of the CLI is loaded: some copy the functions of `fs`. */
export function speedUpCli(cliRequire: NodeJS.Require): void {
  resolvePathsAtOnce();
  readVariablesOnce(cliRequire);
  resolveSettingsOnce(cliRequire);
  buildRegistryOnce(cliRequire);
  findKeychainOnce(cliRequire);
  readKeyOnce(cliRequire);
  omitColumns(cliRequire);
  omitListeners(cliRequire);
  useOneLogger(cliRequire);
  keepNoJobs(cliRequire);
}

/**
 * The CLI resolves the path of a file of the login store before each read, to see whether the file is locked. Node's own code
 * asks the system about each folder of the path; `native` asks once.
 */
function resolvePathsAtOnce(): void {
  const { native } = fs.realpath;
  const resolve: typeof native = native.bind(fs);
  fs.realpath = Object.assign(resolve, { native }) as typeof fs.realpath;
}

interface Variables {
  getPropertyFromEnv: (property: string, prefix?: string) => unknown;
}

/** Each command looks up every setting several times in a new copy of the environment, which doesn't change in a worker. */
function readVariablesOnce(cliRequire: NodeJS.Require): void {
  const { EnvVars } = cliRequire('@salesforce/core/envVars') as { EnvVars: { prototype: Variables } };
  const { getPropertyFromEnv } = EnvVars.prototype;
  const values = new Map<string, unknown>();
  EnvVars.prototype.getPropertyFromEnv = function (property, ...prefix) {
    const name = [property, ...prefix].join(' ');
    if (!values.has(name)) values.set(name, getPropertyFromEnv.call(this, property, ...prefix));
    return values.get(name);
  };
}

interface Settings {
  readonly config: unknown;
  getAllowedProperties(): readonly unknown[];
}

/** Each command asks for about ten settings, and the CLI merges all of them for each. Only the login of an alias differs. */
function resolveSettingsOnce(cliRequire: NodeJS.Require): void {
  const { ConfigAggregator } = cliRequire('@salesforce/core/configAggregator') as {
    ConfigAggregator: { prototype: Settings };
  };
  const { prototype } = ConfigAggregator;
  const resolve = Object.getOwnPropertyDescriptor(prototype, 'config');
  let known: { count: number; settings: unknown } | undefined;
  Object.defineProperty(prototype, 'config', {
    get(this: Settings) {
      // Plugins define settings while they load.
      const count = this.getAllowedProperties().length;
      if (known?.count !== count) known = { count, settings: resolve?.get?.call(this) };
      return known.settings;
    },
  });
}

interface Variants {
  getEffectiveRegistry: (project?: unknown) => unknown;
}

/** Each retrieve and deploy builds the registry of metadata types again, for a project that is the same for all commands. */
function buildRegistryOnce(cliRequire: NodeJS.Require): void {
  const variants = cliRequire('@salesforce/source-deploy-retrieve/lib/src/registry/variants') as Variants;
  const { getEffectiveRegistry } = variants;
  let registry: unknown;
  variants.getEffectiveRegistry = (project) => (registry ??= getEffectiveRegistry(project));
}

interface KeychainModule {
  retrieveKeychain: (platform: string) => Promise<unknown>;
}

/** Each command that reads a login looks for the program of the keychain, and creates an error if there is none. */
function findKeychainOnce(cliRequire: NodeJS.Require): void {
  const file = join(dirname(cliRequire.resolve('@salesforce/core')), 'crypto/keyChain.js');
  const keychains = cliRequire(file) as KeychainModule;
  const { retrieveKeychain } = keychains;
  let keychain: Promise<unknown> | undefined;
  keychains.retrieveKeychain = (platform) => (keychain ??= retrieveKeychain(platform));
}

interface CryptoClass {
  create: (options?: object) => Promise<unknown>;
}

/** Each command reads the key of the login store about four times, and the CLI keeps it in memory anyway. */
function readKeyOnce(cliRequire: NodeJS.Require): void {
  const file = join(dirname(cliRequire.resolve('@salesforce/core')), 'crypto/crypto.js');
  const { Crypto } = cliRequire(file) as { Crypto: CryptoClass };
  const create = Crypto.create.bind(Crypto);
  let shared: Promise<unknown> | undefined;
  Crypto.create = (options) => {
    if (options) return create(options);
    shared ??= create({ noResetOnClose: true });
    // The next command tries again.
    shared.catch(() => (shared = undefined));
    return shared;
  };
}

type SendRequest = (request: unknown, options?: unknown) => Promise<unknown>;

/** `data query` sends each query again for the columns of a table. A worker prints no table. */
function omitColumns(cliRequire: NodeJS.Require): void {
  const { Connection } = cliRequire('@salesforce/core') as { Connection: { prototype: { request: SendRequest } } };
  const { prototype } = Connection;
  const { request: send } = prototype;
  prototype.request = function (request, options) {
    const asksForColumns = typeof request === 'string' && /\/query\?q=[^&]*&columns=true$/.test(request);
    return asksForColumns ? Promise.resolve({ columnMetadata: [] }) : send.call(this, request, options);
  };
}

interface LoggerClass {
  readonly prototype: { child: (name: string) => unknown };
}

/** Each command creates a logger for each of its parts. A worker writes no log. */
function useOneLogger(cliRequire: NodeJS.Require): void {
  const { Logger } = cliRequire('@salesforce/core/logger') as { Logger: LoggerClass };
  Logger.prototype.child = function () {
    return this;
  };
}

interface JobCache {
  get: () => unknown;
  set: () => void;
  write: () => Promise<void>;
}

/**
 * Each command of a deploy reads and writes a file with the options of all deploy jobs of the last three days. A worker deploys only
 * packages, and passes the org and the job to each command, so a command needs nothing else of the file.
 */
function keepNoJobs(cliRequire: NodeJS.Require): void {
  const { TTLConfig } = cliRequire('@salesforce/core') as {
    TTLConfig: { prototype: JobCache; create: () => Promise<JobCache> };
  };
  TTLConfig.create = function (this: new () => JobCache) {
    return Promise.resolve(new this());
  };
  Object.assign(TTLConfig.prototype, {
    get: () => ({ isMdapi: true }),
    set: () => undefined,
    write: () => Promise.resolve(),
  });
}

interface Deploy {
  checkStatus: () => Promise<{ readonly done?: boolean }>;
}

/**
 * A command that follows a job reads the result again after the last poll. A job that is done doesn't change any more. Call it once
 * the CLI has loaded a command that deploys or retrieves.
 */
export function readJobsOnce(cliRequire: NodeJS.Require): void {
  const { MetadataApiDeploy } = cliRequire('@salesforce/source-deploy-retrieve') as {
    MetadataApiDeploy: { prototype: Deploy };
  };
  const { prototype } = MetadataApiDeploy;
  const { checkStatus } = prototype;
  const results = new WeakMap<Deploy, Awaited<ReturnType<Deploy['checkStatus']>>>();
  prototype.checkStatus = async function () {
    const known = results.get(this);
    if (known) return known;
    const status = await checkStatus.call(this);
    if (status.done) results.set(this, status);
    return status;
  };
}

interface Events {
  on: (event: string, ...rest: unknown[]) => void;
}

/** Events of the progress display and warnings, which a worker doesn't print, and hooks of other commands. */
const UNUSED_EVENTS =
  /^(warning|init|jit_plugin_not_installed|apiVersionDeploy|deployZipData|apiVersionRetrieve|plugins:.*|sf-doctor-.*)$/;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGBREAK', 'SIGHUP'];

/** Each command adds listeners and never removes them, and copies the list of those that exist. */
function omitListeners(cliRequire: NodeJS.Require): void {
  const { Lifecycle } = cliRequire('@salesforce/core/lifecycle') as { Lifecycle: { prototype: Events } };
  const { prototype } = Lifecycle;
  const { on } = prototype;
  prototype.on = function (event, ...rest) {
    if (!UNUSED_EVENTS.test(event)) on.call(this, event, ...rest);
  };
  const addListener = process.on.bind(process) as (event: string, listener: () => void) => NodeJS.Process;
  process.on = ((event: string, listener: () => void) =>
    SIGNALS.includes(event) ? process : addListener(event, listener)) as typeof process.on;
}

/**
 * With --json, a command formats its result and prints it. The parent gets the result itself. Call it with any loaded command: all
 * commands have the method from the same class.
 */
export function omitOutput({ prototype }: { readonly prototype: object }): void {
  if (Object.hasOwn(prototype, 'logJson')) Object.assign(prototype, { logJson: () => undefined });
  else omitOutput({ prototype: Object.getPrototypeOf(prototype) as object });
}
