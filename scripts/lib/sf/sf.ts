import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ToolError, type ErrorCode } from '../errors';
import {
  loginsAnswer,
  queryAnswer,
  reportAnswer,
  requestAnswer,
  retrieveAnswer,
  submitAnswer,
  type DeployReport,
  type Row,
} from './answers';
import { pack, unpack } from './archive';
import { answerOf, type Call } from './client';
import { failureOf } from './failure';
import type { HostPool } from './pool';
import type { Effect } from './retry';

/** Publishing a deployment is 404 below this version (sf-skills: service-digital-engagement-deployment-configure). */
const PUBLISH_VERSION = '67.0';

/** How long to wait for an answer, in milliseconds. */
const QUICK = 60_000;
const SUBMIT = 180_000;
const RETRIEVE = 15 * 60_000;

/** Nothing is read of the answer; that it came is enough. */
const anyAnswer = z.unknown();

/** What Salesforce says of a member that the org does not have. Any other message means that something was left out. */
const NOT_THERE = /^Entity of type '.+' named '.+' cannot be found$/;

/** A component that Salesforce left out for another reason must not be taken for missing: it would be made anew. */
function verifyRetrieved({ status, errorMessage, messages }: z.infer<typeof retrieveAnswer>, what: string): void {
  const problems = messages.map(({ problem }) => problem).filter((problem) => !NOT_THERE.test(problem.trim()));
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
function unpacked(file: string, what: string): ReadonlyMap<string, Buffer> {
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
  private readonly pool: HostPool;
  private readonly apiVersion: string;

  /** `apiVersion` such as `67.0` is used for every command. */
  constructor(pool: HostPool, apiVersion: string) {
    this.pool = pool;
    this.apiVersion = apiVersion;
  }

  /** The home of the login store. */
  get home(): string {
    return this.pool.home;
  }

  /** Records of a SOQL query, `Id` and fields by name. */
  async query(alias: string, soql: string, tooling = false): Promise<readonly Row[]> {
    const argv = ['--query', soql, ...(tooling ? ['--use-tooling-api'] : []), ...this.common(alias)];
    const what = `A query in "${alias}" failed.`;
    return (await this.quick(alias, 'look', 'data:query', argv, queryAnswer, 'retrieve-failed', what)).records;
  }

  /**
   * Retrieves what a manifest (the text of a package.xml) names; returns the files by their path in the package. What the org
   * does not have is left out. An answer without its package.xml is an error: an org taken for empty would be planned anew.
   */
  async retrieve(alias: string, contents: string): Promise<ReadonlyMap<string, Buffer>> {
    const target = this.pool.folder();
    const manifest = join(target, 'package.xml');
    writeFileSync(manifest, contents);
    const into = ['--target-metadata-dir', target, '--zip-file-name', 'org.zip'];
    const argv = ['--manifest', manifest, ...into, '--wait', '15', ...this.common(alias)];
    const what = `The metadata of "${alias}" could not be retrieved.`;
    const call = { alias, command: 'project:retrieve:start', argv, shape: retrieveAnswer, what } as const;
    const answer = await this.ask({
      ...call,
      lane: 'waiting',
      effect: 'look',
      timeout: RETRIEVE,
      code: 'retrieve-failed',
    });
    verifyRetrieved(answer, what);
    return unpacked(join(target, 'org.zip'), what);
  }

  /** Submits a package, its files by path, as one deployment and returns its id (0Af...); Salesforce goes on by itself. */
  async deploy(alias: string, files: ReadonlyMap<string, string>): Promise<string> {
    const zip = join(this.pool.folder(), 'package.zip');
    writeFileSync(zip, pack(files));
    const argv = ['--metadata-dir', zip, '--async', ...this.common(alias)];
    const what = `The deployment to "${alias}" was not accepted.`;
    const call = { alias, command: 'project:deploy:start', argv, shape: submitAnswer, what } as const;
    return (await this.ask({ ...call, lane: 'alone', effect: 'only once', timeout: SUBMIT, code: 'deploy-failed' })).id;
  }

  /**
   * How far a deployment is, after following it for up to `minutes`. The CLI itself looks once a second, which costs far
   * less than a command each time.
   */
  report(alias: string, id: string, minutes: number): Promise<DeployReport> {
    const argv = ['--job-id', id, '--wait', String(minutes), '--target-org', alias, '--json'];
    const what = `The deployment ${id} of "${alias}" could not be followed.`;
    const timeout = minutes * 60_000 + QUICK;
    const call = { alias, command: 'project:deploy:report', argv, shape: reportAnswer, what } as const;
    return this.ask({ ...call, lane: 'waiting', effect: 'look', timeout, code: 'deploy-unknown' });
  }

  /** Sets whether a channel is active; a new channel is not. */
  async setActive(alias: string, recordId: string, active: boolean): Promise<void> {
    const value = `IsActive=${String(active)}`;
    const record = ['--sobject', 'MessagingChannel', '--record-id', recordId, '--values', value];
    const what = `A channel of "${alias}" could not be ${active ? 'activated' : 'deactivated'}.`;
    await this.quick(
      alias,
      'same again',
      'data:update:record',
      [...record, ...this.common(alias)],
      anyAnswer,
      'activate-failed',
      what,
    );
  }

  /** Publishes an Embedded Service deployment, so that sites and apps are served the settings of now. */
  async publish(alias: string, deploymentId: string): Promise<void> {
    const path = `services/data/v${PUBLISH_VERSION}/connect/embeddedservice/embeddedserviceconfig/publish/${deploymentId}`;
    const argv = [path, '--method', 'POST', '--body', '{}', '--target-org', alias];
    const what = `A deployment of "${alias}" could not be published.`;
    const verify = ({ statusCode, body }: z.infer<typeof requestAnswer>): void => {
      if (statusCode < 400) return;
      const error = { name: `HTTP ${statusCode}`, message: JSON.stringify(body), cause: '', data: null };
      throw failureOf(error, alias, 'publish-failed', what);
    };
    const call = { alias, command: 'api:request:rest', argv, shape: requestAnswer, what, verify } as const;
    await this.ask({ ...call, lane: 'quick', effect: 'same again', timeout: QUICK, code: 'publish-failed' });
  }

  /** Logs an alias in with a JWT (RFC 7523). The key is read from its file by the CLI. */
  async login({ alias, username, clientId, url, keyFile }: Login): Promise<void> {
    const who = ['--alias', alias, '--username', username, '--client-id', clientId];
    const argv = [...who, '--instance-url', url, '--jwt-key-file', keyFile, '--json'];
    const call = { alias, command: 'org:login:jwt', argv, shape: anyAnswer } as const;
    const what = `The login "${alias}" was refused.`;
    await this.ask({ ...call, lane: 'alone', effect: 'same again', timeout: QUICK, code: 'login-refused', what });
  }

  /** The address that each alias of the login store leads to. */
  async logins(): Promise<ReadonlyMap<string, string>> {
    const what = 'The login store could not be read.';
    const logins = await this.quick('', 'look', 'org:list:auth', ['--json'], loginsAnswer, 'cli-answer', what);
    return new Map(
      logins.flatMap(({ alias, instanceUrl }) => alias.split(',').map((each) => [each, instanceUrl] as const)),
    );
  }

  private common(alias: string): readonly string[] {
    return ['--target-org', alias, '--api-version', this.apiVersion, '--json'];
  }

  private quick<T extends z.ZodType>(
    alias: string,
    effect: Effect,
    command: string,
    argv: readonly string[],
    shape: T,
    code: ErrorCode,
    what: string,
  ): Promise<z.infer<T>> {
    return this.ask({ alias, command, argv, shape, lane: 'quick', effect, timeout: QUICK, code, what });
  }

  private ask<T extends z.ZodType>(call: Call<T>): Promise<z.infer<T>> {
    return answerOf(this.pool, call);
  }
}
