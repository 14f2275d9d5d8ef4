import type { ExitCode } from '../errors';
import type { Matrix } from '../matrix';
import type { ErrorDetails, Finding, OrgResult } from '../model';

/** The one JSON document that a command prints with --json. */
export interface ResultDocument {
  readonly command: string;
  readonly exitCode: ExitCode;
  readonly findings: readonly Finding[];
  readonly orgs?: readonly OrgResult[];
  /** Only of `status`: settings as rows, orgs as columns. */
  readonly matrix?: Matrix;
  readonly error?: ErrorDetails;
}

/** The JSON of a document. Its members keep the order of the interface. */
export const serializeDocument = (document: ResultDocument): string => JSON.stringify(document, null, 2);
