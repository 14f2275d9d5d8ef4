import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ToolError, type ErrorCode } from '../errors';
import {
  loginsResponse,
  queryResponse,
  reportResponse,
  requestResponse,
  retrieveResponse,
  submitResponse,
  type DeployReport,
  type Row,
} from './responses';
import { pack, unpack } from './archive';
import { callCli, type CliCall } from './call-cli';
import { explainCliError } from './explain-error';
import type { CliWorkerPool } from './worker-pool';
import type { Effect } from './retry';

/** Publishing a deployment is 404 below this version (sf-skills: service-digital-engagement-deployment-configure). */
const PUBLISH_VERSION = '67.0';

/** How long to wait for an answer, in milliseconds. */
const REQUEST_TIMEOUT_MS = 60_000;
const SUBMIT_TIMEOUT_MS = 180_000;
const RETRIEVE_TIMEOUT_MS = 15 * 60_000;

/** Nothing is read of the answer; that it came is enough. */
const anyResponse = z.unknown();

/** What Salesforce says of a member that the org does not have. Any other message means that something was left out. */
const NOT_FOUND_MESSAGE = /^Entity of type '.+' named '.+' cannot be found$/;

/** A component that Salesforce left out for another reason must not be taken for missing: it would be made anew. */
function assertRetrieved({ status, errorMessage, messages }: z.infer<typeof retrieveResponse>, what: string): void {
  const problems = messages.map(({ problem }) => problem).filter((problem) => !NOT_FOUND_MESSAGE.test(problem.trim()));
  const succeeded = status === undefined || status === 'Succeeded';
  if (succeeded && problems.length === 0) return;
  const why = [...(errorMessage ? [errorMessage] : []), ...problems].join(' | ') || `It ended as ${String(status)}.`;
  throw new ToolError('retrieve-failed', {
    what,
    why,
    fix: 'Give the user of the login what Salesforce names, and run the command again.',
  });
}

/** The files of a retrieved archive. Throws when it cannot be read, or has no package.xml. */
function readArchive(file: string, what: string): ReadonlyMap<string, Buffer> {
  const failed = (why: string, cause?: unknown): ToolError =>
    new ToolError('retrieve-failed', { what, why, fix: 'Run the command again.' }, { cause });
  try {
    const files = unpack(readFileSync(file));
    if (files.has('package.xml')) return files;
  } catch (thrown) {
    throw failed('The retrieved archive cannot be read.', thrown);
  }
  throw failed('The retrieved archive has no package.xml.');
}

/** A login with a JWT. */
export interface Login {
  readonly alias: string;
  readonly username: string;
  readonly clientId: string;
  readonly url: string;
  readonly keyFile: string;
}

/**
 * The Salesforce CLI, as this project uses it: one method a command, arguments as a list, answers checked. All of them
 * throw a ToolError that says whether the login, the network or Salesforce was the reason.
 */
export class Sf {
  private readonly pool: CliWorkerPool;
  private readonly apiVersion: string;

  /** `apiVersion` such as `67.0` is used for every command. */
  constructor(pool: CliWorkerPool, apiVersion: string) {
    this.pool = pool;
    this.apiVersion = apiVersion;
  }

  /** The home of the login store. */
  get home(): string {
    return this.pool.home;
  }

  /** Records of a SOQL query, `Id` and fields by name. */
  async query(alias: string, soql: string, tooling = false): Promise<readonly Row[]> {
    const argv = ['--query', soql, ...(tooling ? ['--use-tooling-api'] : []), ...this.commonFlags(alias)];
    const what = `A query in "${alias}" failed.`;
    return (await this.callLimited(alias, 'read', 'data:query', argv, queryResponse, 'retrieve-failed', what)).records;
  }

  /**
   * Retrieves what a manifest (the text of a package.xml) names; returns the files by their path in the package. What the org
   * does not have is left out. An answer without its package.xml is an error: an org taken for empty would be planned anew.
   */
  async retrieve(alias: string, contents: string): Promise<ReadonlyMap<string, Buffer>> {
    const target = this.pool.createFolder();
    const manifest = join(target, 'package.xml');
    writeFileSync(manifest, contents);
    const output = ['--target-metadata-dir', target, '--zip-file-name', 'org.zip'];
    const argv = ['--manifest', manifest, ...output, '--wait', '15', ...this.commonFlags(alias)];
    const what = `The metadata of "${alias}" could not be retrieved.`;
    const call = { alias, command: 'project:retrieve:start', argv, shape: retrieveResponse, what } as const;
    const answer = await this.call({
      ...call,
      lane: 'unbounded',
      effect: 'read',
      timeout: RETRIEVE_TIMEOUT_MS,
      code: 'retrieve-failed',
    });
    assertRetrieved(answer, what);
    return readArchive(join(target, 'org.zip'), what);
  }

  /** Submits a package, its files by path, as one deployment and returns its id (0Af...); Salesforce goes on by itself. */
  async deploy(alias: string, files: ReadonlyMap<string, string>): Promise<string> {
    const zip = join(this.pool.createFolder(), 'package.zip');
    writeFileSync(zip, pack(files));
    const argv = ['--metadata-dir', zip, '--async', ...this.commonFlags(alias)];
    const what = `The deployment to "${alias}" was not accepted.`;
    const call = { alias, command: 'project:deploy:start', argv, shape: submitResponse, what } as const;
    return (
      await this.call({ ...call, lane: 'exclusive', effect: 'once', timeout: SUBMIT_TIMEOUT_MS, code: 'deploy-failed' })
    ).id;
  }

  /**
   * How far a deployment is, after following it for up to `minutes`. The CLI itself looks once a second, which costs far
   * less than a command each time.
   */
  report(alias: string, id: string, minutes: number): Promise<DeployReport> {
    const argv = ['--job-id', id, '--wait', String(minutes), '--target-org', alias, '--json'];
    const what = `The deployment ${id} of "${alias}" could not be followed.`;
    const timeout = minutes * 60_000 + REQUEST_TIMEOUT_MS;
    const call = { alias, command: 'project:deploy:report', argv, shape: reportResponse, what } as const;
    return this.call({ ...call, lane: 'unbounded', effect: 'read', timeout, code: 'deploy-unknown' });
  }

  /** Sets whether a channel is active; a new channel is not. */
  async setActive(alias: string, recordId: string, active: boolean): Promise<void> {
    const value = `IsActive=${String(active)}`;
    const record = ['--sobject', 'MessagingChannel', '--record-id', recordId, '--values', value];
    const what = `A channel of "${alias}" could not be ${active ? 'activated' : 'deactivated'}.`;
    await this.callLimited(
      alias,
      'idempotent',
      'data:update:record',
      [...record, ...this.commonFlags(alias)],
      anyResponse,
      'activate-failed',
      what,
    );
  }

  /** Publishes an Embedded Service deployment, so that sites and apps are served the settings of now. */
  async publish(alias: string, deploymentId: string): Promise<void> {
    const path = `services/data/v${PUBLISH_VERSION}/connect/embeddedservice/embeddedserviceconfig/publish/${deploymentId}`;
    const argv = [path, '--method', 'POST', '--body', '{}', '--target-org', alias];
    const what = `A deployment of "${alias}" could not be published.`;
    const assertSuccess = ({ statusCode, body }: z.infer<typeof requestResponse>): void => {
      if (statusCode < 400) return;
      const error = { name: `HTTP ${statusCode}`, message: JSON.stringify(body), cause: '', data: null };
      throw explainCliError(error, alias, 'publish-failed', what);
    };
    const call = {
      alias,
      command: 'api:request:rest',
      argv,
      shape: requestResponse,
      what,
      assertSuccess,
    } as const;
    await this.call({
      ...call,
      lane: 'limited',
      effect: 'idempotent',
      timeout: REQUEST_TIMEOUT_MS,
      code: 'publish-failed',
    });
  }

  /** Logs an alias in with a JWT (RFC 7523). The key is read from its file by the CLI. */
  async login({ alias, username, clientId, url, keyFile }: Login): Promise<void> {
    const identityFlags = ['--alias', alias, '--username', username, '--client-id', clientId];
    const argv = [...identityFlags, '--instance-url', url, '--jwt-key-file', keyFile, '--json'];
    const call = { alias, command: 'org:login:jwt', argv, shape: anyResponse } as const;
    const what = `The login "${alias}" was refused.`;
    await this.call({
      ...call,
      lane: 'exclusive',
      effect: 'idempotent',
      timeout: REQUEST_TIMEOUT_MS,
      code: 'login-refused',
      what,
    });
  }

  /** The address that each alias of the login store leads to. */
  async logins(): Promise<ReadonlyMap<string, string>> {
    const what = 'The login store could not be read.';
    const logins = await this.callLimited(
      '',
      'read',
      'org:list:auth',
      ['--json'],
      loginsResponse,
      'cli-bad-output',
      what,
    );
    return new Map(
      logins.flatMap(({ alias, instanceUrl }) => alias.split(',').map((each) => [each, instanceUrl] as const)),
    );
  }

  private commonFlags(alias: string): readonly string[] {
    return ['--target-org', alias, '--api-version', this.apiVersion, '--json'];
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

  private call<T extends z.ZodType>(call: CliCall<T>): Promise<z.infer<T>> {
    return callCli(this.pool, call);
  }
}
