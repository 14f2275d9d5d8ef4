/** A request the org refuses, with Salesforce's error code. SOAP and REST each write it in their own way. */
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
 * How a connection ends other than with an answer of the org: `cut` before anything of it, `torn` in the middle of it, or
 * answered by the `gateway` in front of the org.
 */
export type DisconnectKind = 'dropped' | 'truncated' | 'gateway';

/** A request that gets no answer of the org. It passes every endpoint and reaches the connection. */
export class Disconnect extends Error {
  readonly kind: DisconnectKind;

  constructor(manner: DisconnectKind) {
    super(`The connection is ${manner}.`);
    this.name = 'Disconnect';
    this.kind = manner;
  }
}
