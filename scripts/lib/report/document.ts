import type { ExitCode } from '../errors';
import type { Matrix } from '../matrix';
import type { Fault, Finding, Outcome } from '../model';

/** The one JSON document that a command prints with --json. */
export interface Document {
  readonly command: string;
  readonly exitCode: ExitCode;
  readonly findings: readonly Finding[];
  readonly orgs?: readonly Outcome[];
  /** Of status: settings as rows, orgs as columns. */
  readonly matrix?: Matrix;
  readonly error?: Fault;
}

/** JSON of a document, members in the order of the contract. */
export const documentText = (document: Document): string => JSON.stringify(document, null, 2);
