import { basename, resolve } from 'node:path';
import type { Context } from '../cli';
import { EXIT, ToolError } from '../errors';
import type { Planning } from '../fleet';
import { isThrough, readRun, type PastOrg } from '../journal';
import { settle, type Patience } from '../org';

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
  if ((run.from === 'sealed plan') !== (flags.plan !== undefined)) throw otherPlan(basename(run.folder), run.from);
  const left = run.orgs.filter((org) => !isThrough(org) && (!onlyFailed || org.outcome !== 'skipped'));
  return {
    folder: run.folder,
    orgs: left.filter(({ alias }) => aliases.length === 0 || aliases.includes(alias)),
  };
}

/** Looks after what the run of before sent to an org, before the org is read. Another org may have its alias by now. */
export const settling =
  ({ orgs }: Resumed, patience: Patience, tell: (alias: string, ...step: Step) => void): Planning['before'] =>
  (sf, { alias, orgId }) => {
    const sent = orgs.find((org) => org.alias === alias && org.orgId === orgId)?.submission;
    return settle(sf, alias, sent, (...step) => tell(alias, ...step), patience);
  };

type Step = Parameters<Parameters<typeof settle>[3]>;

const otherPlan = (name: string, from: string): ToolError =>
  new ToolError(
    'bad-flag',
    {
      what: `The run ${name} cannot be gone on with so.`,
      why: `It was made from the ${from}, and what was approved then is what goes out now.`,
      fix: from === 'sealed plan' ? 'Name the same plan: --resume --plan FILE.' : 'Leave --plan out.',
    },
    { exit: EXIT.invalid },
  );
