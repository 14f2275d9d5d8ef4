import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { tellOutcome, tellStep, type Context } from '../cli';
import { toApply, type Planned, type PublishWish } from '../fleet';
import { openJournal, reopenJournal, type Journal, type PlannedOrg } from '../journal';
import type { Change } from '../model';
import type { Progress } from '../org';
import type { Resumed } from './resume';

/** Writes what happens into the journal of a run, and tells it. */
export interface Recorder {
  readonly journal: Journal;
  readonly step: (alias: string, ...step: Parameters<Progress>) => void;
  readonly outcome: (alias: string, outcome: string) => void;
}

/** The recorder of a run of its own, or of the one that is gone on with. */
export function recorderOf(context: Context<{ readonly runs?: string }>, past: Resumed | undefined): Recorder {
  const { project, runs = '.runs' } = context.flags;
  const journal = past ? reopenJournal(past.folder) : openJournal(resolve(project, runs), context.now);
  const write = (org: string, step: string, detail?: string, before?: object): string => {
    journal.write({ org, step, ...(detail !== undefined && { detail }), ...before });
    return `${step}${detail === undefined ? '' : ` ${detail}`}`;
  };
  return {
    journal,
    step: (org, ...told) => tellStep(context, org, write(org, ...told)),
    outcome: (org, outcome) => tellOutcome(context, org, write(org, outcome)),
  };
}

/** What a journal says of the plans of a fleet. Orgs that could not be planned are in it, too: they are left to do. */
export const plannedOrgs = (fleet: readonly Planned[], wish: PublishWish): readonly PlannedOrg[] =>
  fleet.map((planned) => ({
    alias: planned.desired.org.alias,
    orgId: planned.desired.org.orgId,
    changes: planned.outcome.changes.map(fingerprintOf),
    publish: toApply(planned, wish)?.publish ?? [],
  }));

/** Stands for a change: the same for the same one. What customers notice of it may differ by the time it comes. */
export const fingerprintOf = ({ component, path, from, to }: Change): string =>
  createHash('sha256')
    .update(JSON.stringify([component, path, from, to]))
    .digest('hex')
    .slice(0, 16);
