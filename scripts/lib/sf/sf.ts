import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ToolError, type ErrorCode } from '../errors';
import {
  decode,
  loginsAnswer,
  queryAnswer,
  reportAnswer,
  requestAnswer,
  retrieveAnswer,
  submitAnswer,
  type DeployReport,
  type Row,
} from './answers';
import { failureOf } from './failure';
import type { HostPool } from './pool';

/** Publishing a deployment is 404 below this version (sf-skills: service-digital-engagement-deployment-configure). */
const PUBLISH_VERSION = '67.0';

/** How long to wait for an answer, in milliseconds. */
const QUICK = 60_000;
const SUBMIT = 180_000;
const RETRIEVE = 15 * 60_000;

/** Nothing is read of the answer; that it came is enough. */
const anyAnswer = z.unknown();

interface Call<T extends z.ZodType> {
  readonly alias: string;
  readonly command: string;
  readonly argv: readonly string[];
  readonly shape: T;
  readonly timeout: number;
  /** Code and sentence of the failure, when nothing better is known. */
  readonly code: ErrorCode;
  readonly what: string;
  /** Whether no other such command may be under way. */
  readonly alone?: boolean;
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

  /** A fresh folder for the files of one command; gone when the pool stops. */
  folder(): string {
    return this.pool.folder();
  }

  /** Records of a SOQL query, `Id` and fields by name. */
  async query(alias: string, soql: string, tooling = false): Promise<readonly Row[]> {
    const argv = ['--query', soql, ...(tooling ? ['--use-tooling-api'] : []), ...this.common(alias)];
    const what = `A query in "${alias}" failed.`;
    const { records } = await this.call({
      alias,
      command: 'data:query',
      argv,
      shape: queryAnswer,
      timeout: QUICK,
      code: 'retrieve-failed',
      what,
    });
    return records;
  }

  /**
   * Retrieves what the manifest names; returns the folder with the files. What the org does not have is left out. An answer
   * without its package.xml is an error: an org taken for empty would be planned anew.
   */
  async retrieve(alias: string, manifest: string): Promise<string> {
    const target = this.folder();
    const argv = [
      '--manifest',
      manifest,
      '--target-metadata-dir',
      target,
      '--unzip',
      '--zip-file-name',
      'org.zip',
      '--wait',
      '15',
      ...this.common(alias),
    ];
    const what = `The metadata of "${alias}" could not be retrieved.`;
    await this.call({
      alias,
      command: 'project:retrieve:start',
      argv,
      shape: retrieveAnswer,
      timeout: RETRIEVE,
      code: 'retrieve-failed',
      what,
    });
    const folder = join(target, 'org', 'unpackaged');
    if (existsSync(join(folder, 'package.xml'))) return folder;
    throw new ToolError('retrieve-failed', {
      what,
      why: 'The retrieved archive has no package.xml.',
      fix: 'Run the command again.',
    });
  }

  /** Submits a package folder as one deployment and returns its id (0Af...); Salesforce goes on by itself. */
  async deploy(alias: string, folder: string): Promise<string> {
    const argv = ['--metadata-dir', folder, '--async', ...this.common(alias)];
    const what = `The deployment to "${alias}" was not accepted.`;
    const { id } = await this.call({
      alias,
      command: 'project:deploy:start',
      argv,
      shape: submitAnswer,
      timeout: SUBMIT,
      code: 'deploy-failed',
      what,
      alone: true,
    });
    return id;
  }

  /** How far a deployment is. */
  async report(alias: string, id: string): Promise<DeployReport> {
    const argv = ['--job-id', id, '--target-org', alias, '--json'];
    const what = `The deployment ${id} of "${alias}" could not be followed.`;
    return this.call({
      alias,
      command: 'project:deploy:report',
      argv,
      shape: reportAnswer,
      timeout: QUICK,
      code: 'deploy-unknown',
      what,
    });
  }

  /** Sets a channel active; a new channel is not. */
  async activate(alias: string, recordId: string): Promise<void> {
    const argv = [
      '--sobject',
      'MessagingChannel',
      '--record-id',
      recordId,
      '--values',
      'IsActive=true',
      ...this.common(alias),
    ];
    const what = `A channel of "${alias}" could not be activated.`;
    await this.call({
      alias,
      command: 'data:update:record',
      argv,
      shape: anyAnswer,
      timeout: QUICK,
      code: 'activate-failed',
      what,
    });
  }

  /** Publishes an Embedded Service deployment, so that sites and apps are served the settings of now. */
  async publish(alias: string, deploymentId: string): Promise<void> {
    const path = `services/data/v${PUBLISH_VERSION}/connect/embeddedservice/embeddedserviceconfig/publish/${deploymentId}`;
    const argv = [path, '--method', 'POST', '--body', '{}', '--target-org', alias];
    const what = `A deployment of "${alias}" could not be published.`;
    const { statusCode, body } = await this.call({
      alias,
      command: 'api:request:rest',
      argv,
      shape: requestAnswer,
      timeout: QUICK,
      code: 'publish-failed',
      what,
    });
    if (statusCode >= 400)
      throw failureOf(
        { name: `HTTP ${statusCode}`, message: JSON.stringify(body), cause: '', data: null },
        alias,
        'publish-failed',
        what,
      );
  }

  /** Logs an alias in with a JWT (RFC 7523). The key is read from its file by the CLI. */
  async login({ alias, username, clientId, url, keyFile }: Login): Promise<void> {
    const argv = [
      '--alias',
      alias,
      '--username',
      username,
      '--client-id',
      clientId,
      '--instance-url',
      url,
      '--jwt-key-file',
      keyFile,
      '--json',
    ];
    const what = `The login "${alias}" was refused.`;
    await this.call({
      alias,
      command: 'org:login:jwt',
      argv,
      shape: anyAnswer,
      timeout: QUICK,
      code: 'login-refused',
      what,
      alone: true,
    });
  }

  /** The address that each alias of the login store leads to. */
  async logins(): Promise<ReadonlyMap<string, string>> {
    const call = {
      alias: '',
      command: 'org:list:auth',
      argv: ['--json'],
      shape: loginsAnswer,
      timeout: QUICK,
    } as const;
    const logins = await this.call({ ...call, code: 'cli-answer', what: 'The login store could not be read.' });
    return new Map(
      logins.flatMap(({ alias, instanceUrl }) => alias.split(',').map((each) => [each, instanceUrl] as const)),
    );
  }

  private common(alias: string): readonly string[] {
    return ['--target-org', alias, '--api-version', this.apiVersion, '--json'];
  }

  private async call<T extends z.ZodType>(call: Call<T>): Promise<z.infer<T>> {
    const run = call.alone ? this.pool.runAlone.bind(this.pool) : this.pool.run.bind(this.pool);
    const { result, error } = await run(call.command, call.argv, call.timeout);
    if (error) throw failureOf(error, call.alias, call.code, call.what);
    return decode(call.shape, result, call.command);
  }
}
