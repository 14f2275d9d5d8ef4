/** A request the org refuses, with Salesforce's error code. SOAP and REST each write it in their own way. */
export class Fault extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.name = 'Fault';
    this.code = code;
    this.status = status;
  }
}

/**
 * How a connection ends other than with an answer of the org: `cut` before anything of it, `torn` in the middle of it, or
 * answered by the `gateway` in front of the org.
 */
export type Manner = 'cut' | 'torn' | 'gateway';

/** A request that gets no answer of the org. It passes every endpoint and reaches the connection. */
export class BrokenOff extends Error {
  readonly manner: Manner;

  constructor(manner: Manner) {
    super(`The connection is ${manner}.`);
    this.name = 'BrokenOff';
    this.manner = manner;
  }
}
