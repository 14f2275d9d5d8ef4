import type { ExitCode } from '../errors';
import type { Matrix } from './org-matrix';
import type { ErrorDetails, Finding, MonitorRun, OrgResult } from '../model';

/** The one JSON document that a command prints with --json. */
export interface ResultDocument {
  readonly command: string;
  readonly exitCode: ExitCode;
  /** ID of the run that the command started or resumed: its folder in the folder of runs. */
  readonly run?: string;
  /** When the command started, as ISO 8601. Set when the document is printed. */
  readonly startedAt?: string;
  readonly findings: readonly Finding[];
  readonly orgs?: readonly OrgResult[];
  /** Only of `status`: settings as rows, orgs as columns. */
  readonly matrix?: Matrix;
  /** Only of `monitor`: the chats and certificates of each org. */
  readonly monitor?: MonitorRun;
  readonly error?: ErrorDetails;
}

/** The members of every document. Some commands add members of their own. */
type DocumentBase = Pick<ResultDocument, 'command' | 'exitCode' | 'findings'>;

/** JSON of a document, members in the order in which they are given. */
export const serializeDocument = <D extends DocumentBase>(document: D): string => JSON.stringify(document, null, 2);
