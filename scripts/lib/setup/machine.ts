import { execFile } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sendHttp, type HttpResponse } from '../http';

/** The access of `doctor` to this machine. Tests replace it. */
export interface Machine {
  readonly nodeVersion: string;
  /** The version of the installed Salesforce CLI; undefined if it isn't installed. */
  readonly cliVersion: () => string | undefined;
  /** The output of git; undefined if it isn't installed or reports an error. */
  readonly git: (...args: readonly string[]) => Promise<string | undefined>;
  /** When the login of a user was stored last; undefined if its file can't be read. */
  readonly loginStoredAt: (home: string, username: string) => Date | undefined;
  /** One request without a body. Rejects without a response. */
  readonly request: (url: URL) => Promise<Pick<HttpResponse, 'status' | 'headers'>>;
  readonly now: () => Date;
}

const REQUEST_TIMEOUT_MS = 10_000;

export const thisMachine: Machine = {
  nodeVersion: process.versions.node,
  cliVersion: () => {
    const manifest = findPackageJSON('@salesforce/cli', __filename);
    if (manifest === undefined) return undefined;
    return (JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version: string }).version;
  },
  git: (...args) =>
    promisify(execFile)('git', args, { timeout: REQUEST_TIMEOUT_MS }).then(
      ({ stdout }) => stdout.trim(),
      () => undefined,
    ),
  loginStoredAt: (home, username) => {
    try {
      // The login store of @salesforce/core has one file for each user, which each new login and each new session rewrites.
      return statSync(join(home, '.sfdx', `${username}.json`)).mtime;
    } catch {
      return undefined;
    }
  },
  request: (url) => sendHttp(url, { method: 'HEAD', headers: {}, timeoutMs: REQUEST_TIMEOUT_MS, maxBytes: 1024 }),
  now: () => new Date(),
};
