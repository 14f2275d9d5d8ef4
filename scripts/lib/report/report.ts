import type { Matrix, TrustMap } from './org-matrix';
import {
  pluralize,
  type Check,
  type CheckState,
  type MonitorRun,
  type OrgResult,
  type VerificationScope,
} from '../model';
import type { ResultDocument } from './result-document';

/** The settings of the orgs side by side, and the issuers and keys they trust. */
export interface OrgSettings {
  readonly matrix: Matrix;
  readonly trust: TrustMap;
  /** The runs of the monitor, oldest first. The last one is the run of the report. */
  readonly history?: readonly MonitorRun[];
}

/** The input of a report: the document of a command, its time, and the settings of the orgs if the command read them. */
export interface Report {
  readonly document: ResultDocument;
  readonly at: Date;
  readonly orgSettings?: OrgSettings;
}

/** A time with its time zone: `2026-11-22 20:04 UTC`. */
export const formatUtc = (at: Date): string => `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** The state of a check. A check without a state either passed or failed. */
export const checkStateOf = ({ ok, state }: Check): CheckState => state ?? (ok ? 'passed' : 'failed');

/** The channel of a check, with its chat deployment if that has another name; undefined if the check is about the whole org. */
export const checkLocation = ({ channel, chatDeployment = channel }: Check): string | undefined =>
  channel === chatDeployment ? channel : `${channel ?? ''} via ${chatDeployment ?? ''}`;

/** ` (2 verified channels, 1 unverified channel, 3 chat deployments)`: what verifications covered; empty without any. */
export function scopeText(scopes: readonly (VerificationScope | undefined)[]): string {
  const total = (name: Exclude<keyof VerificationScope, 'readFrom' | 'readTo' | 'unmanaged'>): number =>
    scopes.reduce((sum, scope) => sum + (scope?.[name] ?? 0), 0);
  const parts = [
    [total('verifiedChannels'), 'verified channel'],
    [total('unverifiedChannels'), 'unverified channel'],
    [total('inactiveChannels'), 'inactive channel'],
    [total('chatDeployments'), 'chat deployment'],
  ] as const;
  const counts = parts.flatMap(([number, noun]) => (number > 0 ? [pluralize(number, noun)] : []));
  return counts.length === 0 ? '' : ` (${counts.join(', ')})`;
}

/** Whether the changes in the results of a command are drift, not a plan. */
export const findsDrift = (command: string): boolean => command === 'status' || command === 'monitor';

/**
 * The status of an org in one word or two. After a verification it says whether every check passed; in a status, planned
 * changes are drift.
 */
export function resultLabel(
  { status, checks }: OrgResult,
  command = '',
): { readonly word: string; readonly tone?: 'warning' } {
  if (findsDrift(command) && status === 'planned') return { word: 'drifted' };
  const verificationChecks = checks.filter(({ channel }) => channel !== undefined);
  if (verificationChecks.length === 0 || (status !== 'unchanged' && status !== 'changed')) return { word: status };
  const isInconclusive = verificationChecks.some((check) => checkStateOf(check) !== 'passed');
  const verdict = isInconclusive ? 'inconclusive' : 'verified';
  return {
    word: status === 'changed' ? `changed, ${verdict}` : verdict,
    ...(isInconclusive && { tone: 'warning' as const }),
  };
}
