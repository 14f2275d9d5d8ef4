import { setTimeout as pause } from 'node:timers/promises';
import { ToolError, type ErrorCode } from '../../../lib/errors';
import type { DeployReport, NewChatDeployment, Row, Sf } from '../../../lib/sf';
import { parseManifest } from '../../../local-org/jobs/manifest';
import type { Client } from '../../local-org/client';
import { zipOf } from '../../local-org/package-zip';

/** An error as `Sf` throws it. One with a cause is a fault of the org, one without it is in a successful response. */
const failure = (code: ErrorCode, why: string, cause?: unknown): ToolError =>
  new ToolError(code, { what: 'The request failed.', why, fix: 'Run the command again.' }, { cause });

/** The methods of `Sf` that calibrate uses, without the CLI: they call local orgs directly, by alias. */
export class LocalSf {
  readonly #clients: ReadonlyMap<string, Client>;
  readonly home: string;

  constructor(clients: Readonly<Record<string, Client>>, home = '') {
    this.#clients = new Map(Object.entries(clients));
    this.home = home;
  }

  /** As the class whose methods it has. */
  get sf(): Sf {
    return this as unknown as Sf;
  }

  #client(alias: string): Client {
    const client = this.#clients.get(alias);
    if (!client) throw failure('login-missing', `There is no login ${alias}.`);
    return client;
  }

  async query(alias: string, soql: string, tooling = false): Promise<readonly Row[]> {
    const { records } = await this.#client(alias).query(soql, tooling);
    return records;
  }

  async retrieve(alias: string, manifest: string): Promise<ReadonlyMap<string, Buffer>> {
    const { types } = parseManifest(manifest);
    const members = Object.fromEntries(types.map(({ name, members: names }) => [name, names]));
    const { files, problems } = await this.#client(alias)
      .retrieve(members)
      .catch((thrown: unknown) => {
        throw failure('retrieve-failed', String(thrown), thrown);
      });
    const problem = problems.find((text) => !/cannot be found$/.test(text ?? ''));
    if (problem !== undefined) throw failure('retrieve-failed', problem);
    return files;
  }

  async deploy(alias: string, files: ReadonlyMap<string, string | Buffer>): Promise<string> {
    const zip = zipOf(Object.fromEntries([...files].map(([path, content]) => [path, content.toString()])));
    return this.#client(alias)
      .submitZip(zip, '<rollbackOnError>true</rollbackOnError>')
      .catch((thrown: unknown) => {
        throw failure('deploy-failed', String(thrown), thrown);
      });
  }

  async report(alias: string, id: string): Promise<DeployReport> {
    const { status, done, failures, successes } = await this.#finalStatus(alias, id);
    const lineOf = ({ type, name }: { type: string; name: string }) => ({ componentType: type, fullName: name });
    return {
      id,
      status,
      done,
      success: status === 'Succeeded',
      numberComponentsDeployed: successes.length,
      numberComponentsTotal: successes.length + failures.length,
      details: {
        componentFailures: failures.map((line) => ({
          ...lineOf(line),
          problem: line.problem ?? '',
          lineNumber: Number(line.line),
        })),
        componentSuccesses: successes.map(lineOf),
      },
    };
  }

  async #finalStatus(alias: string, id: string): ReturnType<Client['status']> {
    for (;;) {
      const status = await this.#client(alias).status(id);
      if (status.done) return status;
      await pause(50);
    }
  }

  async setActive(alias: string, id: string, active: boolean): Promise<void> {
    const path = `/services/data/v67.0/sobjects/MessagingChannel/${id}`;
    await this.#send(alias, path, 'PATCH', { IsActive: active }, 'activate-failed');
  }

  async publish(alias: string, id: string): Promise<void> {
    const path = `/services/data/v67.0/connect/embeddedservice/embeddedserviceconfig/publish/${id}`;
    await this.#send(alias, path, 'POST', {}, 'publish-failed');
  }

  async createChatDeployment(alias: string, deployment: NewChatDeployment): Promise<void> {
    const path = '/services/data/v67.0/connect/embeddedmessaging/deployment/setup';
    const response = await this.#send(alias, path, 'POST', { ...deployment, deploymentType: 'Web' }, 'deploy-failed');
    const { isSuccess, errorMsg } = (await response.json()) as { isSuccess: boolean; errorMsg: string };
    if (!isSuccess) throw failure('deploy-failed', errorMsg);
  }

  loginOf(alias: string): Promise<{ username: string; instanceUrl: string; orgId: string }> {
    const { username, url, orgId } = this.#client(alias).org;
    return Promise.resolve({ username, instanceUrl: url, orgId });
  }

  async #send(alias: string, path: string, method: string, body: object, code: ErrorCode): Promise<Response> {
    const headers = { 'content-type': 'application/json' };
    const response = await this.#client(alias).rest(path, { method, headers, body: JSON.stringify(body) });
    if (response.status >= 300) throw failure(code, await response.text());
    return response;
  }
}
