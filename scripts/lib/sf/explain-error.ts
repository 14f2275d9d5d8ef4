import { EXIT, ToolError, type ErrorCode, type ErrorText } from '../errors';
import { errorText } from './retry-policies';
import type { WorkerResponse } from './protocol';

type WorkerError = NonNullable<WorkerResponse['error']>;

interface KnownCliError {
  readonly code: ErrorCode;
  /** Matches `name: message causes` of the CLI's error. */
  readonly pattern: RegExp;
  readonly explain: (alias: string) => ErrorText;
}

const loginRefusedText = (alias: string): ErrorText => ({
  what: `The login "${alias}" was refused.`,
  why: 'It has expired, was revoked, or belongs to an org that was refreshed.',
  fix: `Log in again: npx sf org login web --alias ${alias}, for a sandbox with --instance-url https://test.salesforce.com.`,
});

/** What the CLI says when it cannot reach an org or its login, first match wins. The CLI has no code for these, only names and text. */
const KNOWN_CLI_ERRORS: readonly KnownCliError[] = [
  {
    code: 'login-missing',
    pattern: /NamedOrgNotFound|NoOrgFound|NoDefaultEnv|No authorization information found|AuthInfoCreation/i,
    explain: (alias) => ({
      what: `The CLI knows no login "${alias}".`,
      why: 'Every org is reached through a login of the sf CLI whose alias is the name of the org file.',
      fix: `Run: npx sf org login web --alias ${alias}, for a sandbox with --instance-url https://test.salesforce.com; in a pipeline, sf org login jwt.`,
    }),
  },
  {
    // Refused by the org itself; the CLI then tries other login hosts, and its text ends with their failure.
    code: 'login-refused',
    pattern: /invalid assertion|invalid_client|hasn't approved|audience is invalid|assertion is expired/i,
    explain: loginRefusedText,
  },
  {
    code: 'org-unreachable',
    pattern:
      /fetch failed|terminated|ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EPIPE|socket hang up|UND_ERR|(ERROR_HTTP_|^HTTP )(502|503|504|420)/i,
    explain: (alias) => ({
      what: `The org "${alias}" could not be reached.`,
      why: 'The connection was refused or broke off.',
      fix: 'Check the network, a proxy and the org (a local org has to be running), then run the command again.',
    }),
  },
  {
    code: 'login-refused',
    pattern:
      /INVALID_SESSION_ID|JwtAuth|JwtGrant|RefreshTokenAuth|invalid_grant|expired access|AuthDecrypt|INVALID_LOGIN|Unable to refresh session/i,
    explain: loginRefusedText,
  },
];

/**
 * The error of a CLI command in our own terms: a missing or refused login and an org out of reach end with exit code 4,
 * everything else keeps `code` and what Salesforce said.
 */
export function explainCliError(error: WorkerError, alias: string, code: ErrorCode, what: string): ToolError {
  const text = errorText(error);
  const known = KNOWN_CLI_ERRORS.find(({ pattern }) => pattern.test(text));
  if (known) return new ToolError(known.code, known.explain(alias), { exit: EXIT.unreachable, cause: error });
  const why = oneLine(error.message) || error.name;
  return new ToolError(
    code,
    { what, why, fix: 'Mend what Salesforce names and run the command again.' },
    { cause: error },
  );
}

/** The id of a session, and what a proxy repeats of a request that carried one. */
const SESSION_ID = /00D\w{12,15}![\w.]+|\bBearer\s+\S+/gi;
const MAX_LENGTH = 1_000;

/** An error page of a proxy may be of any length, and may repeat what it was sent. */
function oneLine(text: string): string {
  const line = text.replace(SESSION_ID, '[session]').replace(/\s+/g, ' ').trim();
  return line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH)} ...` : line;
}
