import type { PinnedLogin, StoppedRequest } from './protocol.ts';

/** An HTTP request of the CLI, as jsforce passes it to its transport. */
export interface CliRequest {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** The facts that a guard must remember of one command. */
export interface GuardedCommand {
  readonly login?: PinnedLogin | undefined;
  /** Whether the org can have received a request that writes. */
  hasWritten: boolean;
  /** The first violation. The command fails with it, also if the CLI ignores the error. */
  violation?: Error;
}

/**
 * Throws if a request goes to another host than the login of the command, or has a session of another org. The CLI reads the login
 * store for every command, and a renewed session can belong to another org. An access token starts with the ID of its org (REST API
 * Developer Guide, "Session ID Authorization"; not a JWT-based access token). A request for a token goes to the login server.
 */
export function assertPinnedOrg(command: GuardedCommand, request: CliRequest): void {
  const { origin, pathname } = new URL(request.url);
  if (pathname.endsWith('/services/oauth2/token')) return;
  const problem = command.login && findProblem(command.login, origin, sessionOrgOf(request));
  if (problem !== undefined) stop(command, problem);
  command.hasWritten ||= request.method !== 'GET';
}

function findProblem(login: PinnedLogin, origin: string, sessionOrg: string | undefined): string | undefined {
  const expected = new URL(login.instanceUrl).origin;
  if (origin !== expected) return `The request goes to ${origin}. The run started with ${expected}.`;
  if (sessionOrg === undefined || login.orgId === undefined || sessionOrg === login.orgId.slice(0, 15))
    return undefined;
  return `The session belongs to org ${sessionOrg}. The run started with org ${login.orgId}.`;
}

/**
 * Returns the request that follows a redirect. Throws if the redirect leads to another host, or if the request writes: jsforce
 * would send the session there, and take the response for the one of the org.
 */
export function followRedirect(command: GuardedCommand, request: CliRequest, location: string): CliRequest {
  const { href, origin } = new URL(location, request.url);
  if (request.method !== 'GET' || origin !== new URL(request.url).origin)
    stop(command, `The response redirects to ${origin}.`);
  return { method: 'GET', url: href, ...(request.headers && { headers: request.headers }) };
}

function stop(command: GuardedCommand, message: string): never {
  const error = new Error(message);
  error.name = (command.hasWritten ? 'WrongOrgAfterWrite' : 'WrongOrg') satisfies StoppedRequest;
  command.violation ??= error;
  throw error;
}

/** How much of a SOAP message contains its session ID, in characters. */
const SOAP_HEADER_LENGTH = 4_096;

/** The first 15 characters of the ID of the org that issued the session of a request. */
function sessionOrgOf({ headers = {}, body }: CliRequest): string | undefined {
  const authorization = Object.entries(headers).find(([name]) => name.toLowerCase() === 'authorization')?.[1] ?? '';
  const header = typeof body === 'string' ? body.slice(0, SOAP_HEADER_LENGTH) : '';
  return (/^Bearer (00D\w{12})\w*!/.exec(authorization) ?? /<sessionId>(00D\w{12})\w*!/.exec(header))?.[1];
}
