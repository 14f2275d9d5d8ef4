/** Changes to the Salesforce CLI inside a worker: which org a command reaches, and which settings of the user it reads. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { createRequire } from 'node:module';
import { assertPinnedOrg, followRedirect, type CliRequest, type GuardedCommand } from './login-guard.mts';

/** One running command. */
export interface RunningCommand extends GuardedCommand {
  readonly id: number;
  readonly argv: readonly string[];
  /** When the command renewed its session, in milliseconds since 1970. */
  renewals: readonly number[];
}

/** The command that the current code belongs to. */
export const currentCommand = new AsyncLocalStorage<RunningCommand>();

/** Applies all changes. Throws if a version of the CLI has the code elsewhere that they need: no command may run without them. */
export function patchCli(cliRequire: NodeJS.Require): void {
  guardRequests(cliRequire);
  useProxySettings(cliRequire);
  ignoreUserConfig(cliRequire);
  limitRenewals(cliRequire);
}

type HttpRequest = (request: CliRequest, options?: object) => unknown;

/**
 * Stops each request that would leave the org of its command, and each redirect to another host. The CLI sends requests with
 * jsforce, and those of `api request rest` with Node's client.
 */
function guardRequests(cliRequire: NodeJS.Require): void {
  const { Transport } = cliRequire('@jsforce/jsforce-node/lib/transport') as {
    Transport: { prototype: { httpRequest: HttpRequest } };
  };
  const { httpRequest } = Transport.prototype;
  Transport.prototype.httpRequest = function (request, options) {
    const command = currentCommand.getStore();
    if (!command) return httpRequest.call(this, request, options);
    assertPinnedOrg(command, request);
    const redirect = (location: string): CliRequest => followRedirect(command, request, location);
    return httpRequest.call(this, request, { ...options, followRedirect: redirect });
  };
  // An import of these modules in ECMAScript would load all that they export: a third client, which takes a tenth of a second.
  for (const name of ['node:http', 'node:https']) {
    const client = cliRequire(name) as { request: unknown };
    client.request = guarded(client.request);
  }
}

type NodeRequest = (url: URL | string, options: object, ...rest: unknown[]) => unknown;

/**
 * Node's `request` with the check of the current command. The CLI passes the URL as the first argument; a request without one is
 * rejected as an invalid URL.
 */
function guarded(request: unknown): NodeRequest {
  return (url, options, ...rest) => {
    const command = currentCommand.getStore();
    if (command) assertPinnedOrg(command, { method: 'GET', ...options, url: String(url) });
    return (request as NodeRequest)(url, options, ...rest);
  };
}

interface RequestModule {
  setDefaults(this: void, defaults: object): void;
  setDispatcher(this: void, dispatcher: unknown): void;
}

/** Makes jsforce respect NO_PROXY: by itself, it sends every request to the proxy of HTTPS_PROXY or HTTP_PROXY. */
function useProxySettings(cliRequire: NodeJS.Require): void {
  if (!process.env['NODE_USE_ENV_PROXY']) return;
  const { setDefaults, setDispatcher } = cliRequire('@jsforce/jsforce-node/lib/request') as RequestModule;
  const jsforceRequire = createRequire(cliRequire.resolve('@jsforce/jsforce-node/lib/request'));
  const { EnvHttpProxyAgent } = jsforceRequire('undici') as { EnvHttpProxyAgent: new (options: object) => unknown };
  // The other defaults of jsforce: redirects are followed, and HTTP_TIMEOUT doesn't reach a worker.
  setDefaults({ followRedirect: true });
  setDispatcher(new EnvHttpProxyAgent({ connect: { allowH2: false }, requestTls: { allowH2: false } }));
}

interface ConfigFile {
  read(): Promise<unknown>;
  readSync(): unknown;
  getContents(): unknown;
}

/** Makes the CLI read no `sf config` file: its settings change the API version, the number of records, and the API that deploys. */
function ignoreUserConfig(cliRequire: NodeJS.Require): void {
  const { Config } = cliRequire('@salesforce/core/config') as { Config: { prototype: ConfigFile } };
  Config.prototype.read = function () {
    return Promise.resolve(this.getContents());
  };
  Config.prototype.readSync = function () {
    return this.getContents();
  };
}

interface SessionRefresher {
  refresh: (since: number) => Promise<void>;
}

/** How often a command can renew its session within a minute. */
const MAX_RENEWALS = 5;

/**
 * Limits session renewals. If an org expires every session at once, the CLI renews sessions without end. A command that reaches
 * the limit fails with the error of the org.
 */
function limitRenewals(cliRequire: NodeJS.Require): void {
  const { SessionRefreshDelegate } = cliRequire('@jsforce/jsforce-node/lib/session-refresh-delegate') as {
    SessionRefreshDelegate: { prototype: SessionRefresher };
  };
  const { prototype } = SessionRefreshDelegate;
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
