import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ToolError, type ErrorCode } from '../errors';
import type { ExperienceSite } from '../model';
import {
  loginResponse,
  queryResponse,
  reportResponse,
  requestResponse,
  sitesResponse,
  retrieveResponse,
  submitResponse,
  type DeployReport,
  type Row,
} from './responses';
import { pack, unpack } from './archive';
import { callCli, type CliCall } from './call-cli';
import { explainCliError } from './explain-error';
import type { PinnedLogin, ReadLogin, StoppedRequest } from './protocol';
import type { CliWorkerPool } from './worker-pool';
import type { Effect } from './retry';

/** Below this API version, publishing and creating return 404 (sf-skills: service-digital-engagement-deployment-configure). */
const REST_VERSION = '67.0';

/** How long to wait for a response, in milliseconds. */
const REQUEST_TIMEOUT_MS = 60_000;
const SUBMIT_TIMEOUT_MS = 180_000;
const RETRIEVE_TIMEOUT_MS = 15 * 60_000;
const BROWSER_LOGIN_TIMEOUT_MS = 5 * 60_000;

const READ_LOGIN = 'worker:login' satisfies ReadLogin;

/** For commands whose response isn't read. */
const anyResponse = z.unknown();

/** The message for a component that the org doesn't have. Any other message means that a component was omitted. */
const NOT_FOUND_MESSAGE = /^Entity of type '[^']+' named '[^']+' cannot be found$/;

/** Throws if Salesforce omitted a component that the org has: it would be planned as missing, and created again. */
function assertRetrieved({ status, errorMessage, messages }: z.infer<typeof retrieveResponse>, what: string): void {
  const problems = messages.map(({ problem }) => problem).filter((problem) => !NOT_FOUND_MESSAGE.test(problem.trim()));
  const succeeded = status === undefined || status === 'Succeeded';
  if (succeeded && problems.length === 0) return;
  const why = [...(errorMessage ? [errorMessage] : []), ...problems].join(' | ') || `Its status is ${String(status)}.`;
  throw new ToolError('retrieve-failed', {
    what,
    why,
    fix: 'Give the user of the login access to the components that Salesforce reports, then run the command again.',
  });
}

/** The files of a retrieved archive. Throws if it can't be read or has no package.xml. */
function readArchive(file: string, what: string): ReadonlyMap<string, Buffer> {
  const archiveError = (why: string, cause?: unknown): ToolError =>
    new ToolError('retrieve-failed', { what, why, fix: 'Run the command again.' }, { cause });
  try {
    const files = unpack(readFileSync(file));
    if (files.has('package.xml')) return files;
  } catch (thrown) {
    throw archiveError("The retrieved archive can't be read.", thrown);
  }
  throw archiveError('The retrieved archive has no package.xml.');
}

const testFlag = (name: string): readonly string[] => ['--tests', name];

const truncatedQueryError = (what: string, { records, totalSize }: z.infer<typeof queryResponse>): ToolError =>
  new ToolError('retrieve-failed', {
    what,
    why: `The CLI returned ${records.length} of ${totalSize} records.`,
    fix: 'Run the command again.',
  });

/** The parameters of a new chat deployment of type Web. */
export interface NewChatDeployment {
  readonly name: string;
  readonly masterLabel: string;
  readonly clientVersion: string;
  /** The host of the pages, without a scheme. One playbook requires it, another one omits it. */
  readonly hostDomain?: string;
  readonly messagingChannelId: string;
}

const setupResponse = z.object({ isSuccess: z.boolean(), errorMsg: z.string().nullish() });

interface RestProblem {
  readonly name: string;
  readonly message: string;
}

/** A request of the REST API, and the error for a failure. */
interface RestRequest {
  /** Without `/services/data/vXX.0/`. */
  readonly path: string;
  readonly method: 'POST' | 'PATCH';
  readonly body: object;
  readonly code: ErrorCode;
  readonly what: string;
  /** The failure that a successful response reports. */
  readonly problemOf?: (body: unknown) => RestProblem | undefined;
}

function httpProblem({ statusCode, body }: z.infer<typeof requestResponse>): RestProblem | undefined {
  if (statusCode < 300) return undefined;
  return statusCode < 400
    ? { name: 'WrongOrgAfterWrite' satisfies StoppedRequest, message: `The response redirects (HTTP ${statusCode}).` }
    : { name: `HTTP ${statusCode}`, message: JSON.stringify(body) };
}

/** The record IDs of the agent that handles the sessions of a channel, and of its fallback queue. */
export interface SessionHandler {
  readonly handlerId: string;
  readonly queueId?: string;
}

/** The parameters of a JWT login. */
export interface Login {
  readonly alias: string;
  readonly username: string;
  readonly clientId: string;
  readonly url: string;
  readonly keyFile: string;
}

/**
 * The Salesforce CLI: one method per command, with checked responses. All methods throw a ToolError that tells login, network
 * and Salesforce failures apart. All commands for an alias use the login that the alias had first, so that an alias that changes
 * during a run doesn't lead to another org; a request to another org than that throws `org-mismatch`.
 */
export class Sf {
  private readonly pool: CliWorkerPool;
  readonly apiVersion: string;
  /** The login of each alias that was used. */
  private readonly pinnedLogins = new Map<string, Promise<PinnedLogin>>();

  /** `apiVersion`, such as `67.0`, is passed to every command that accepts it. */
  constructor(pool: CliWorkerPool, apiVersion: string) {
    this.pool = pool;
    this.apiVersion = apiVersion;
  }

  /** Home folder of the login store. */
  get home(): string {
    return this.pool.home;
  }

  /** The records of a SOQL query, with fields by name. Throws if the CLI returns fewer records than the query matches. */
  async query(alias: string, soql: string, tooling = false): Promise<readonly Row[]> {
    const argv = ['--query', soql, ...(tooling ? ['--use-tooling-api'] : []), ...this.commonFlags()];
    const what = `A query in "${alias}" failed.`;
    const response = await this.callLimited(alias, 'read', 'data:query', argv, queryResponse, 'retrieve-failed', what);
    if (response.records.length < response.totalSize) throw truncatedQueryError(what, response);
    return response.records;
  }

  /**
   * Retrieves the components of a manifest (the text of a package.xml). Returns the files by path in the package, without the
   * components that the org doesn't have. Throws if the response has no package.xml: the org would be planned as empty.
   */
  async retrieve(alias: string, contents: string): Promise<ReadonlyMap<string, Buffer>> {
    const target = this.pool.createFolder();
    const manifest = join(target, 'package.xml');
    writeFileSync(manifest, contents);
    const output = ['--target-metadata-dir', target, '--zip-file-name', 'org.zip'];
    const argv = ['--manifest', manifest, ...output, '--wait', '15', ...this.commonFlags()];
    const what = `The metadata of "${alias}" can't be retrieved.`;
    const call = { alias, command: 'project:retrieve:start', argv, shape: retrieveResponse, what } as const;
    const response = await this.call({
      ...call,
      lane: 'unbounded',
      effect: 'read',
      timeout: RETRIEVE_TIMEOUT_MS,
      code: 'retrieve-failed',
    });
    assertRetrieved(response, what);
    return readArchive(join(target, 'org.zip'), what);
  }

  /**
   * Submits a package (its files by path) as one deploy job that runs the test classes `tests`. Returns the job ID (0Af...)
   * without waiting for the job.
   */
  async deploy(
    alias: string,
    files: ReadonlyMap<string, string | Buffer>,
    tests: readonly string[] = [],
  ): Promise<string> {
    const zip = join(this.pool.createFolder(), 'package.zip');
    writeFileSync(zip, pack(files));
    const testFlags = tests.length > 0 ? ['--test-level', 'RunSpecifiedTests', ...tests.flatMap(testFlag)] : [];
    const argv = ['--metadata-dir', zip, '--async', ...testFlags, ...this.commonFlags()];
    const what = `Salesforce didn't accept the deploy to "${alias}".`;
    const call = { alias, command: 'project:deploy:start', argv, shape: submitResponse, what } as const;
    return (
      await this.call({ ...call, lane: 'limited', effect: 'once', timeout: SUBMIT_TIMEOUT_MS, code: 'deploy-failed' })
    ).id;
  }

  /** Asks Salesforce to cancel a deploy job. The status of the job tells whether it was canceled or ended before. */
  async cancel(alias: string, id: string): Promise<void> {
    const argv = ['--job-id', id, '--async', '--json'];
    const what = `Deploy job ${id} in "${alias}" can't be canceled.`;
    await this.callLimited(alias, 'idempotent', 'project:deploy:cancel', argv, anyResponse, 'deploy-failed', what);
  }

  /**
   * The status of a deploy job, after following it for up to `minutes`. The CLI polls once per second, which costs less than
   * one command per poll.
   */
  report(alias: string, id: string, minutes: number): Promise<DeployReport> {
    const argv = ['--job-id', id, '--wait', String(minutes), '--json'];
    const what = `The status of deploy job ${id} in "${alias}" can't be read.`;
    const timeout = minutes * 60_000 + REQUEST_TIMEOUT_MS;
    const call = { alias, command: 'project:deploy:report', argv, shape: reportResponse, what } as const;
    return this.call({ ...call, lane: 'unbounded', effect: 'read', timeout, code: 'deploy-unknown' });
  }

  /** Activates or deactivates a channel. A new channel is inactive. */
  setActive(alias: string, recordId: string, active: boolean): Promise<void> {
    const what = `A channel of "${alias}" can't be ${active ? 'activated' : 'deactivated'}.`;
    return this.updateChannel(alias, recordId, `IsActive=${String(active)}`, 'activate-failed', what);
  }

  /** Routes the sessions of a channel to an agent, with a fallback queue. All values are record IDs. */
  setSessionHandler(alias: string, recordId: string, { handlerId, queueId }: SessionHandler): Promise<void> {
    const values = `SessionHandlerId=${handlerId}${queueId === undefined ? '' : ` FallbackQueueId=${queueId}`}`;
    const what = `The agent of a channel of "${alias}" can't be set.`;
    return this.updateChannel(alias, recordId, values, 'routing-failed', what);
  }

  private async updateChannel(
    alias: string,
    recordId: string,
    values: string,
    code: ErrorCode,
    what: string,
  ): Promise<void> {
    const record = ['--sobject', 'MessagingChannel', '--record-id', recordId, '--values', values];
    const argv = [...record, ...this.commonFlags()];
    await this.callLimited(alias, 'idempotent', 'data:update:record', argv, anyResponse, code, what);
  }

  /** Publishes a chat deployment, so that sites and apps get its current settings. */
  publish(alias: string, recordId: string): Promise<void> {
    return this.sendRest(alias, 'idempotent', {
      path: `connect/embeddedservice/embeddedserviceconfig/publish/${recordId}`,
      method: 'POST',
      body: {},
      code: 'publish-failed',
      what: `A chat deployment of "${alias}" can't be published.`,
    });
  }

  /**
   * Creates a chat deployment of type Web with its site and branding (sf-skills:
   * service-digital-engagement-deployment-configure). A second request with the same name creates a second one, so the request
   * isn't repeated.
   */
  createChatDeployment(alias: string, deployment: NewChatDeployment): Promise<void> {
    return this.sendRest(alias, 'once', {
      path: 'connect/embeddedmessaging/deployment/setup',
      method: 'POST',
      body: { ...deployment, deploymentType: 'Web' },
      code: 'deploy-failed',
      what: `Salesforce didn't create chat deployment ${deployment.name} in "${alias}".`,
      problemOf: (body) => {
        const { data } = setupResponse.safeParse(body);
        if (data?.isSuccess) return undefined;
        return { name: 'SetupRejected', message: data?.errorMsg ?? `The response is ${JSON.stringify(body)}.` };
      },
    });
  }

  /** The Experience Cloud sites of an org and their templates, as Setup names them. Metadata doesn't contain the one of an Aura site. */
  async experienceSites(alias: string): Promise<readonly ExperienceSite[]> {
    const what = `The sites of "${alias}" can't be read.`;
    const argv = [`services/data/v${REST_VERSION}/connect/communities`];
    const call = { alias, command: 'api:request:rest', argv, shape: requestResponse, what } as const;
    const options = { lane: 'limited', effect: 'read', timeout: REQUEST_TIMEOUT_MS, code: 'retrieve-failed' } as const;
    const { data } = sitesResponse.safeParse((await this.call({ ...call, ...options })).body);
    return (data?.communities ?? []).map(({ name, templateName }) => ({ name, template: templateName ?? '' }));
  }

  /** Replaces all fields of a chat deployment with the Tooling API. Fields that `metadata` omits become empty. */
  updateChatDeployment(alias: string, recordId: string, metadata: object): Promise<void> {
    return this.sendRest(alias, 'idempotent', {
      path: `tooling/sobjects/EmbeddedServiceConfig/${recordId}`,
      method: 'PATCH',
      body: { Metadata: metadata },
      code: 'deploy-failed',
      what: `A chat deployment of "${alias}" can't be updated.`,
    });
  }

  /** Logs an alias in with a JWT (RFC 7523). The CLI reads the private key from its file. Later commands use the new login. */
  async login({ alias, username, clientId, url, keyFile }: Login): Promise<void> {
    const identityFlags = ['--alias', alias, '--username', username, '--client-id', clientId];
    const argv = [...identityFlags, '--instance-url', url, '--jwt-key-file', keyFile, '--json'];
    const call = { alias, command: 'org:login:jwt', argv, shape: anyResponse } as const;
    const what = `The login "${alias}" was rejected.`;
    await callCli(this.pool, {
      ...call,
      lane: 'exclusive',
      effect: 'idempotent',
      timeout: REQUEST_TIMEOUT_MS,
      code: 'login-refused',
      what,
    });
    this.pinnedLogins.delete(alias);
  }

  /** Opens the login page of Salesforce in the browser, and waits for up to 5 minutes until the user logged in. */
  async loginInBrowser(alias: string, url: string): Promise<void> {
    const argv = ['--alias', alias, '--instance-url', url, '--json'];
    const call = {
      alias,
      command: 'org:login:web',
      argv,
      shape: anyResponse,
      lane: 'exclusive',
      effect: 'once',
    } as const;
    const what = `The login "${alias}" in the browser failed.`;
    await callCli(this.pool, { ...call, timeout: BROWSER_LOGIN_TIMEOUT_MS, code: 'login-refused', what });
    this.pinnedLogins.delete(alias);
  }

  /** The login that all commands for an alias use: the one that the alias had when it was used first. Throws `login-missing`. */
  loginOf(alias: string): Promise<PinnedLogin> {
    const known = this.pinnedLogins.get(alias);
    if (known) return known;
    const read = this.readLogin(alias);
    this.pinnedLogins.set(alias, read);
    // A failure says nothing about the login, so the next command reads it again.
    read.catch(() => this.pinnedLogins.delete(alias));
    return read;
  }

  private readLogin(alias: string): Promise<PinnedLogin> {
    const call = { alias, command: READ_LOGIN, argv: [alias], shape: loginResponse, lane: 'unbounded' } as const;
    const what = `The login "${alias}" can't be read.`;
    return callCli(this.pool, {
      ...call,
      effect: 'read',
      timeout: REQUEST_TIMEOUT_MS,
      code: 'cli-bad-output',
      what,
    });
  }

  private async sendRest(alias: string, effect: Effect, request: RestRequest): Promise<void> {
    const { path, method, body, code, what, problemOf } = request;
    const argv = [`services/data/v${REST_VERSION}/${path}`, '--method', method, '--body', JSON.stringify(body)];
    const assertSuccess = (response: z.infer<typeof requestResponse>): void => {
      const problem = httpProblem(response) ?? problemOf?.(response.body);
      if (problem) throw explainCliError({ ...problem, cause: '', data: null }, alias, code, what);
    };
    const call = { alias, command: 'api:request:rest', argv, shape: requestResponse, what, assertSuccess } as const;
    await this.call({ ...call, lane: 'limited', effect, timeout: REQUEST_TIMEOUT_MS, code });
  }

  private commonFlags(): readonly string[] {
    return ['--api-version', this.apiVersion, '--json'];
  }

  private callLimited<T extends z.ZodType>(
    alias: string,
    effect: Effect,
    command: string,
    argv: readonly string[],
    shape: T,
    code: ErrorCode,
    what: string,
  ): Promise<z.infer<T>> {
    return this.call({ alias, command, argv, shape, lane: 'limited', effect, timeout: REQUEST_TIMEOUT_MS, code, what });
  }

  private async call<T extends z.ZodType>(call: CliCall<T>): Promise<z.infer<T>> {
    return callCli(this.pool, { ...call, login: await this.loginOf(call.alias) });
  }
}
