import type { Context } from '../cli';
import { invalidFlagError } from '../errors';
import { type Change, type ErrorDetails, isDisruptive, rerunCommand, type OrgConfig, type OrgResult } from '../model';
import { pluralize } from '../report';
import { changeFingerprint } from './recorder';
import { orgResult } from './org-result';
import type { PlannedOrg } from './plan-fleet';
import type { ResumableRun } from './resume';

/** The flags of a command that writes to orgs. */
export interface WriteFlags {
  /** Impacts that are accepted without a question. `disruptive` is the only one. */
  readonly accept?: readonly string[];
  /** Whether the confirmation prompt is answered with yes. */
  readonly yes?: boolean;
  /** Whether the command shows its plan and writes nothing. */
  readonly dryRun?: boolean;
}

const PROMPTS = {
  deploy: 'Deploy?',
  rollback: 'Roll back?',
  'post-refresh': 'Restore?',
  'keys rotate stage': 'Stage the new key?',
  'keys rotate retire': 'Retire the old key?',
  'keys rotate delete': 'Delete the old key?',
} as const;

/** The commands that change orgs, by the name in their journals. */
export type ChangingCommand = keyof typeof PROMPTS;

/**
 * Throws `invalid-flag` unless the user named the orgs of a command that writes. One org that isn't production needs no
 * flag: there is nothing to mix it up with.
 */
export function assertScope(
  { org, wave, all }: Context['flags'],
  orgs: readonly Pick<OrgConfig, 'alias' | 'kind'>[],
  command: string,
): void {
  const isNamed = org.length > 0 || wave !== undefined || all === true;
  const production = orgs.filter(({ kind }) => kind === 'production').length;
  if (isNamed || (orgs.length < 2 && production === 0)) return;
  throw invalidFlagError(
    `${command} doesn't know which orgs to write to. No org was contacted.`,
    `There ${orgs.length === 1 ? 'is' : 'are'} ${orgCount(orgs.length, production)}, and a command that writes to orgs must name them.`,
    `Name them with --org, --wave, or --all, for example: ${rerunCommand('--org', orgs[0]?.alias ?? 'ORG')}`,
  );
}

/** The --org and --wave of a recommended command. */
export const selectionArguments = ({ org, wave }: Pick<Context['flags'], 'org' | 'wave'>): readonly string[] => [
  ...org.flatMap((alias) => ['--org', alias]),
  ...(wave === undefined ? [] : ['--wave', String(wave)]),
];

/** The --accept of a recommended command. */
export const acceptArguments = ({ accept = [] }: Pick<WriteFlags, 'accept'>): readonly string[] =>
  accept.flatMap((impact) => ['--accept', impact]);

const orgCount = (orgs: number, production: number): string =>
  `${pluralize(orgs, 'org')}${production > 0 ? `, ${production} production` : ''}`;

/** The totals of a write: `3 orgs, 1 production: 45 changes, 1 disruptive`. */
export function writeTotals(orgs: readonly Pick<OrgResult, 'kind' | 'changes'>[]): string {
  const changes = orgs.flatMap((org) => org.changes);
  const disruptive = changes.filter(isDisruptive).length;
  const production = orgs.filter(({ kind }) => kind === 'production').length;
  return `${orgCount(orgs.length, production)}: ${pluralize(changes.length, 'change')}, ${disruptive} disruptive`;
}

/** The changes and orgs that have to be confirmed before plans are applied. */
export interface Confirmation {
  /** The question on a terminal. Undefined if there is nothing to write. */
  readonly question?: string;
  /** The value of --accept that is required without a terminal. Undefined if none is. */
  readonly accept?: string;
  /** The error if it isn't confirmed without a terminal. */
  readonly rejected: Pick<ErrorDetails, 'what' | 'fix'>;
}

interface WriteRequest {
  readonly command: ChangingCommand;
  /** The resumed run. */
  readonly previousRun?: ResumableRun | undefined;
  /** Whether a change must be accepted without a terminal. Default: a disruptive change. */
  readonly needsConsent?: (change: Change) => boolean;
}

/** The confirmation of a write to these orgs. */
export function confirmWrite(
  orgs: readonly PlannedOrg[],
  { command, previousRun, needsConsent = isDisruptive }: WriteRequest,
): Confirmation {
  const needsAccept = orgs.some(
    (planned) => planned.plan?.changes.some(needsConsent) && !isAlreadyAccepted(planned, previousRun),
  );
  return {
    ...(orgs.length > 0 && { question: `${writeTotals(orgs.map(({ result }) => result))}. ${PROMPTS[command]}` }),
    ...(needsAccept && { accept: 'disruptive' }),
    rejected: {
      what: "Nothing was changed: the plan has disruptive changes that weren't accepted.",
      fix: `Review the plan, then run: ${rerunCommand('--accept', 'disruptive')}`,
    },
  };
}

/** A journal begins only after the plan was accepted, so the accepted rest of a resumed run needs no second acceptance. */
function isAlreadyAccepted({ desired, result }: PlannedOrg, previousRun: ResumableRun | undefined): boolean {
  const accepted = previousRun?.orgs.find(({ alias }) => alias === desired.org.alias)?.changes ?? [];
  return result.changes.filter(isDisruptive).every((change) => accepted.includes(changeFingerprint(change)));
}

/**
 * Whether plans may be applied. On a terminal every write is confirmed by an answer or by --yes. Without a terminal only
 * --accept counts.
 */
export async function isConfirmed(
  { flags, interactive, confirm }: Context<WriteFlags>,
  { accept, question }: Confirmation,
): Promise<boolean> {
  if (question === undefined) return true;
  if (interactive) return flags.yes === true || confirm(question);
  return accept === undefined || flags.accept?.includes(accept) === true;
}

export const notAcceptedDetails = (
  { interactive }: Pick<Context, 'interactive'>,
  { rejected }: Confirmation,
): ErrorDetails => (interactive ? DECLINED : { code: 'not-accepted', ...rejected, why: NOT_INTERACTIVE });

const DECLINED: ErrorDetails = {
  code: 'not-accepted',
  what: 'Nothing was changed.',
  why: "You didn't confirm the changes.",
  fix: 'To make the changes, rerun the command and answer y.',
};

const NOT_INTERACTIVE = "The terminal isn't interactive, so the command can't ask.";

const SKIPPED_WITH_OTHERS: ErrorDetails = {
  code: 'not-accepted',
  what: 'Nothing was changed in this org either.',
  why: "Another org of this run has disruptive changes that weren't accepted.",
  fix: 'Run the command for this org only (--org), or accept the changes of the other orgs too.',
};

/** The result of an org whose plan wasn't confirmed. An org without changes keeps its result. */
export function skippedResult({ desired, result, plan }: PlannedOrg, error: ErrorDetails): OrgResult {
  if (!plan || plan.changes.length === 0) return result;
  const details = { changes: plan.changes, checks: result.checks };
  const isOwnError = error === DECLINED || plan.changes.some(isDisruptive);
  return { ...orgResult(desired, 'skipped', details), error: isOwnError ? error : SKIPPED_WITH_OTHERS };
}

/** The values that --accept of a command takes, and why there are no others. */
interface AcceptOption {
  readonly values: readonly string[];
  readonly why: string;
}

const ACCEPT_DISRUPTIVE: AcceptOption = { values: ['disruptive'], why: 'Only disruptive changes must be accepted.' };

/** Throws `invalid-flag` for a value of --accept that the command doesn't know. */
export function assertAcceptFlag(
  accept: readonly string[] = [],
  { values, why }: AcceptOption = ACCEPT_DISRUPTIVE,
): void {
  const unknown = accept.find((each) => !values.includes(each));
  if (unknown === undefined) return;
  throw invalidFlagError(`--accept ${unknown} isn't valid.`, why, `Use --accept ${values.join(' or --accept ')}.`);
}
