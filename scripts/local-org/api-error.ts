/** An error response with a Salesforce error code. SOAP and REST each have their own format for it. */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
    this.status = status;
  }
}

/**
 * The error of a request that Salesforce may support. It has Salesforce's code, says that the local org is the reason, and is
 * marked with the header X-Local-Org, so that it can't be mistaken for a response of Salesforce.
 */
export class UnsupportedError extends ApiError {
  constructor(code: string, message: string, status = 400) {
    super(code, message, status);
    this.name = 'UnsupportedError';
  }
}

/** The header of a response to a request that the local org doesn't support. */
export const UNSUPPORTED_HEADER = { 'x-local-org': 'unsupported' } as const;

/**
 * How a request ends without a response of the org: `dropped` closes the connection before the response, `truncated` in the
 * middle of it, `gateway` returns the response of a server in front of the org, and `redirected` redirects to another host.
 */
export type DisconnectKind = 'dropped' | 'truncated' | 'gateway' | 'redirected';

/** Thrown when a request gets no response of the org. No endpoint catches it; the server applies it to the connection. */
export class Disconnect extends Error {
  readonly kind: DisconnectKind;

  constructor(kind: DisconnectKind) {
    super(`The connection is ${kind}.`);
    this.name = 'Disconnect';
    this.kind = kind;
  }
}
