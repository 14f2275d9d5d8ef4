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
