import { EXIT, ToolError, type ErrorCode, type Explanation } from '../errors';
import { textOf } from './faults';
import type { Answer } from './protocol';

type CliError = NonNullable<Answer['error']>;

interface Kind {
  readonly code: ErrorCode;
  /** Matches `name: message causes` of the CLI's error. */
  readonly pattern: RegExp;
  readonly explain: (alias: string) => Explanation;
}

const refused = (alias: string): Explanation => ({
  what: `The login "${alias}" was refused.`,
  why: 'It has expired, was revoked, or belongs to an org that was refreshed.',
  fix: `Log in again: npx sf org login web --alias ${alias}, for a sandbox with --instance-url https://test.salesforce.com.`,
});

/** What the CLI says when it cannot reach an org or its login, first match wins. The CLI has no code for these, only names and text. */
const KINDS: readonly Kind[] = [
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
    explain: refused,
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
    explain: refused,
  },
];

/**
 * The error of a CLI command in our own terms: a missing or refused login and an org out of reach end with exit code 4,
 * everything else keeps `code` and what Salesforce said.
 */
export function failureOf(error: CliError, alias: string, code: ErrorCode, what: string): ToolError {
  const text = textOf(error);
  const kind = KINDS.find(({ pattern }) => pattern.test(text));
  if (kind) return new ToolError(kind.code, kind.explain(alias), { exit: EXIT.unreachable, cause: error });
  const why = oneLine(error.message) || error.name;
  return new ToolError(
    code,
    { what, why, fix: 'Mend what Salesforce names and run the command again.' },
    { cause: error },
  );
}

/** The id of a session, and what a proxy repeats of a request that carried one. */
const SESSION = /00D\w{12,15}![\w.]+|\bBearer\s+\S+/gi;
const LONGEST = 1_000;

/** An error page of a proxy may be of any length, and may repeat what it was sent. */
function oneLine(text: string): string {
  const line = text.replace(SESSION, '[session]').replace(/\s+/g, ' ').trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST)} ...` : line;
}
