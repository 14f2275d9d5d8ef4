import { basename, resolve } from 'node:path';
import type { Context } from '../cli';
import { EXIT, ToolError } from '../errors';
import type { Planning } from '../fleet';
import { isThrough, lastSince, readRun, type PastOrg, type PastRun } from '../journal';
import { settle, type Patience } from '../org';
import { readSealed } from '../seal';

export interface ResumeFlags {
  /** Goes on with a run that did not come through: the one of that name, or with `true` the last one. */
  readonly resume?: string | true;
  /** Goes on with the last run, at the orgs alone that failed. */
  readonly onlyFailed?: boolean;
  /** Where journals are kept, relative to the project; `.runs` unless stated. */
  readonly runs?: string;
  readonly plan?: string;
}

/** A run that is gone on with, and the orgs that are left of it. */
export interface Resumed {
  readonly folder: string;
  readonly orgs: readonly PastOrg[];
}

/** What is left of the run that the flags name; undefined when they ask for a run of its own. */
export function resumed({ flags }: Context<ResumeFlags>, command: string): Resumed | undefined {
  const { resume, onlyFailed, runs = '.runs', org: aliases } = flags;
  if (resume === undefined && onlyFailed !== true) return undefined;
  const run = readRun(resolve(flags.project, runs), command, typeof resume === 'string' ? resume : undefined);
  verifyPlan(run, flags.plan);
  if (typeof resume !== 'string') verifyNotGoingBack(resolve(flags.project, runs), run);
  const left = run.orgs.filter((org) => !isThrough(org) && (!onlyFailed || org.outcome !== 'skipped'));
  return {
    folder: run.folder,
    orgs: left.filter(({ alias }) => aliases.length === 0 || aliases.includes(alias)),
  };
}

/**
 * That the last run of the command did not come through, for a sentence. A run of its own finds orgs that got its deployment unchanged, and
 * does not publish what that run would have published.
 */
export function unpublishedBefore({ flags }: Context<ResumeFlags>, command: string): string | undefined {
  const past = runBefore(resolve(flags.project, flags.runs ?? '.runs'), command);
  const left = (past?.orgs ?? []).filter(
    (org) =>
      !isThrough(org) &&
      org.submission &&
      org.unpublished.length > 0 &&
      (flags.org.length === 0 || flags.org.includes(org.alias)),
  );
  if (!past || left.length === 0) return undefined;
  const name = basename(past.folder);
  return `The run ${name} did not come through at ${left.map(({ alias }) => alias).join(', ')}. What it had still to publish, only going on with it publishes: npm run ${command} -- --resume ${name}`;
}

function runBefore(runs: string, command: string): ReturnType<typeof readRun> | undefined {
  try {
    return readRun(runs, command);
  } catch {
    return undefined;
  }
}

/** Looks after what the run of before sent to an org, before the org is read. Another org may have its alias by now. */
export const settling =
  ({ orgs }: Resumed, patience: Patience, tell: (alias: string, ...step: Step) => void): Planning['before'] =>
  (sf, { alias, orgId }) => {
    const sent = orgs.find((org) => org.alias === alias && org.orgId === orgId)?.submission;
    return settle(sf, alias, sent, (...step) => tell(alias, ...step), patience);
  };

type Step = Parameters<Parameters<typeof settle>[3]>;

/** What was approved for a run is what goes out when it is gone on with. */
function verifyPlan({ folder, from, sealed }: PastRun, plan: string | undefined): void {
  const isSealed = from === 'sealed plan';
  if (isSealed !== (plan !== undefined))
    throw unfit(folder, `It was made from the ${from}.`, isSealed ? SAME_PLAN : 'Leave --plan out.');
  const made = plan === undefined ? undefined : readSealed(resolve(plan), 'sealed plan').made.toISOString();
  if (sealed !== made && sealed !== undefined)
    throw unfit(folder, `Its plan was sealed at ${sealed}, and ${plan ?? ''} at ${made ?? ''}.`, SAME_PLAN);
}

const SAME_PLAN = 'Name the same plan: --resume --plan FILE. For another plan, leave --resume out.';

/** Going on with a deploy must not undo a rollback after it that is not through. */
function verifyNotGoingBack(runs: string, { folder }: PastRun): void {
  const back = [...lastSince(runs, basename(folder), 'rollback').values()].filter((org) => !isThrough(org));
  if (back.length === 0) return;
  throw unfit(
    folder,
    `After it a rollback was begun that did not come through: ${back.map(({ alias }) => alias).join(', ')}.`,
    `Run that rollback again: npm run rollback -- --run RUN. To deploy all the same: --resume ${basename(folder)}.`,
  );
}

const unfit = (folder: string, why: string, fix: string): ToolError =>
  new ToolError(
    'bad-flag',
    { what: `The run ${basename(folder)} is not gone on with so. No org was contacted.`, why, fix },
    { exit: EXIT.invalid },
  );
