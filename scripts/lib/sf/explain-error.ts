import { npmRun, quoteArgument, sfCommand } from '../model';
import { EXIT, fileSystemErrorIn, ToolError, type ErrorCode, type ErrorText } from '../errors';
import { explainDeploy } from '../explain';
import { errorText, WRONG_ORG_PATTERN } from './retry-policies';
import { loginRejectionFor, salesforceTexts } from './login-rejections';
import type { WorkerResponse } from './protocol';

type WorkerError = NonNullable<WorkerResponse['error']>;

interface KnownCliError {
  readonly code: ErrorCode;
  /** Matches `name: message causes` of the CLI's error. */
  readonly pattern: RegExp;
  readonly explain: (alias: string, error: WorkerError) => ErrorText;
}

const loginCommand = (alias: string): string => sfCommand('org', 'login', 'web', '--alias', alias);

const loginRefusedText = (alias: string, error: WorkerError): ErrorText => ({
  what: `The login "${alias}" was rejected.`,
  why: `${responseOf(error)}It expired, was revoked, or belongs to an org that was refreshed.`,
  fix: `Log in again: ${loginCommand(alias)} (for a sandbox, add --instance-url https://test.salesforce.com).`,
});

/** Salesforce's own text, which names the reason better than the CLI does. */
function responseOf(error: WorkerError): string {
  const [text = ''] = salesforceTexts(error);
  return text === '' ? '' : `The CLI reports "${oneLine(text).replace(/\.$/, '')}". `;
}

/**
 * The errors for a request that a worker stopped, and the CLI's errors for a missing login, a rejected login and an unreachable org.
 * The first match counts. The CLI has no codes for them.
 */
const KNOWN_CLI_ERRORS: readonly KnownCliError[] = [
  {
    code: 'org-mismatch',
    pattern: WRONG_ORG_PATTERN,
    explain: (alias, { message }) => ({
      what: `The login "${alias}" led to another org or host during the run.`,
      why: `${oneLine(message)} The request was stopped.`,
      fix: `Check the login: ${sfCommand('org', 'display', '--target-org', alias)}. If the org has a new URL, log in again. Then run the command again.`,
    }),
  },
  {
    code: 'login-missing',
    pattern: /NamedOrgNotFound|NoOrgFound|NoDefaultEnv|No authorization information found|AuthInfoCreation/i,
    explain: (alias) => ({
      what: `The sf CLI has no login with the alias "${alias}".`,
      why: 'Each org file needs a login whose alias is the name of the file.',
      fix: `Log in: ${loginCommand(alias)} (for a sandbox, add --instance-url https://test.salesforce.com). In a pipeline: ${npmRun('login', '--key-file', 'FILE')}`,
    }),
  },
  {
    code: 'org-unreachable',
    pattern:
      /fetch failed|terminated|ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EPIPE|socket hang up|UND_ERR|(ERROR_HTTP_|^HTTP )(502|503|504|420)/i,
    explain: (alias) => ({
      what: `The org "${alias}" is unreachable.`,
      why: 'The connection was rejected or lost.',
      fix: 'Check the network, the proxy and the org (a local org must be running), then run the command again.',
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
 * How the CLI fails if a response isn't what it expects, such as the HTML of a login page with the status 200: with an error of
 * JavaScript or of its JSON or XML parser, whose text helps nobody. For HTML with another status, its text refers to `error.data`, which
 * isn't shown.
 */
const NOT_JSON =
  /Cannot read propert|(?:is|are) not (?:iterable|a function)|Unexpected token|Unexpected end of|not valid JSON|response contains html/i;

const notJsonText = (alias: string, [, status]: readonly string[]): Omit<ErrorText, 'what'> => ({
  why: `The response${status === undefined ? '' : `, with the HTTP status code ${status},`} was not the one of a Salesforce API. A proxy, a login page, or a maintenance page answered instead of the org.`,
  fix: `Open the instance URL of the login in a browser (${sfCommand('org', 'display', '--target-org', alias)}), check the proxy and status.salesforce.com, then run the command again.`,
});

/**
 * Converts the error of a CLI command. Another org, a missing login, a rejected login and an unreachable org get exit code 4. Any other error
 * gets `code`, `what` and the message from Salesforce.
 */
export function explainCliError(error: WorkerError, alias: string, code: ErrorCode, what: string): ToolError {
  const text = errorText(error);
  const rejected = rejectedLoginError(error, alias);
  if (rejected) return rejected;
  const known = KNOWN_CLI_ERRORS.find(({ pattern }) => pattern.test(text));
  if (known) return new ToolError(known.code, known.explain(alias, error), { exit: EXIT.unreachable, cause: error });
  const unusableFile = unusableFileText(error);
  if (unusableFile) return new ToolError(code, { what, ...unusableFile }, { cause: error });
  if (NOT_JSON.test(text))
    return new ToolError(
      code,
      { what, ...notJsonText(alias, /HTTP status code: (\d+)/.exec(text) ?? []) },
      { cause: error },
    );
  const advice = code === 'deploy-failed' ? explainDeploy([text]) : undefined;
  const why = oneLine(error.message) || error.name;
  const unknownFix = 'Resolve the error that Salesforce reports, then run the command again.';
  const explanation = advice
    ? { what, why: `${withPeriod(why)} ${advice.cause}`, fix: advice.fix }
    : { what, why, fix: unknownFix };
  return new ToolError(code, explanation, { cause: error });
}

/** A file that the CLI can't use, most often of its login store; undefined for another error. */
function unusableFileText({ message }: WorkerError): Omit<ErrorText, 'what'> | undefined {
  const failure = fileSystemErrorIn(message);
  if (failure) return { why: `${failure.what} ${failure.why}`, fix: failure.fix };
  // GenericKeychainInvalidPermsError of @salesforce/core.
  const [, file] = /Invalid file permissions for secret file: (\S.*)$/m.exec(message) ?? [];
  if (file === undefined) return undefined;
  return {
    why: `The sf CLI rejects ${file}, because other users have access to this key of the login store.`,
    fix: `Allow only your user to use it: chmod 600 ${quoteArgument(file)}`,
  };
}

const withPeriod = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

/**
 * The error for a login that the org rejected, with Salesforce's own text and its meaning; undefined for another error. It comes
 * before the network errors: after a rejection, the CLI tries other login hosts, so its message can end with their failure.
 */
function rejectedLoginError(error: WorkerError, alias: string): ToolError | undefined {
  if (!/Jwt|OAuth|AuthError|Error authenticating/i.test(errorText(error))) return undefined;
  const texts = salesforceTexts(error);
  if (texts.some((text) => NOT_JSON.test(text) || text.startsWith('<'))) return pageError(error, alias);
  const rejection = loginRejectionFor(texts) ?? (hasAttempts(error) && texts.length > 0 ? OTHER_REJECTION : undefined);
  if (!rejection) return undefined;
  const text = texts.find((each) => rejection.pattern.test(each));
  const why = `${text === undefined ? '' : `Salesforce responded "${oneLine(text)}". `}${rejection.why}`;
  const explanation = { what: `The login "${alias}" was rejected.`, why, fix: rejection.fix };
  return new ToolError('login-refused', explanation, { exit: EXIT.unreachable, cause: error });
}

/** A page in the place of the response, such as the one of a maintenance or of a proxy. */
const pageError = (error: WorkerError, alias: string): ToolError =>
  new ToolError(
    'org-unreachable',
    {
      what: `The login host of "${alias}" didn't return a Salesforce response.`,
      why: 'It returned a web page, such as a page of a proxy, a maintenance page, or a page of another server.',
      fix: 'Open the instance URL of the login in a browser, check the proxy and status.salesforce.com, then log in again.',
    },
    { exit: EXIT.unreachable, cause: error },
  );

/** Whether the CLI lists what each login host responded, which it does for a JWT. */
const hasAttempts = ({ message }: WorkerError): boolean => message.includes('Errors encountered:');

const OTHER_REJECTION = {
  pattern: /^/,
  why: "The message isn't a known error.",
  fix: 'Compare the login with the app and the user in Setup. The Login History of the user shows the reason too.',
} as const;

/** A session ID, and the header of a request that a proxy's error page repeats. */
const SESSION_ID = /00D\w{12,15}![\w.]+|\bBearer\s+\S+/gi;
const MAX_LENGTH = 1_000;

/** The message on one line. A proxy's error page can be long and can repeat the request, so it's shortened and redacted. */
function oneLine(text: string): string {
  const line = text.replace(SESSION_ID, '[session]').replace(/\s+/g, ' ').trim();
  return line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH)} ...` : line;
}
