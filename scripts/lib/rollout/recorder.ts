import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { reportResult, reportStep, type Context } from '../cli';
import { type PlannedOrg } from './plan-fleet';
import { effectivePlan, type PublishOptions } from './deploy-org';
import { createJournal, appendToJournal, type Journal, type JournalPlanEntry } from './write-journal';
import type { Change } from '../model';
import type { ReportStep } from '../org';
import type { ResumableRun } from './resume';

/** Writes what happens into the journal of a run, and tells it. */
export interface Recorder {
  readonly journal: Journal;
  readonly recordStep: (alias: string, ...step: Parameters<ReportStep>) => void;
  readonly recordResult: (alias: string, outcome: string) => void;
}

/** The recorder of a run of its own, or of the one that is gone on with. */
export function createRecorder(
  context: Context<{ readonly runs?: string }>,
  previousRun: ResumableRun | undefined,
): Recorder {
  const { project, runs = '.runs' } = context.flags;
  const journal = previousRun
    ? appendToJournal(previousRun.folder)
    : createJournal(resolve(project, runs), context.now);
  const write = (org: string, step: string, detail?: string, before?: object): string => {
    journal.write({ org, step, ...(detail !== undefined && { detail }), ...before });
    return `${step}${detail === undefined ? '' : ` ${detail}`}`;
  };
  return {
    journal,
    recordStep: (org, ...details) => reportStep(context, org, write(org, ...details)),
    recordResult: (org, outcome) => reportResult(context, org, write(org, outcome)),
  };
}

/** What a journal says of the plans of a fleet. Orgs that could not be planned are in it, too: they are left to do. */
export const journalPlanEntries = (
  fleet: readonly PlannedOrg[],
  publishOptions: PublishOptions,
): readonly JournalPlanEntry[] =>
  fleet.map((planned) => ({
    alias: planned.desired.org.alias,
    orgId: planned.desired.org.orgId,
    changes: planned.result.changes.map(changeFingerprint),
    publish: effectivePlan(planned, publishOptions)?.publish ?? [],
  }));

/** Stands for a change: the same for the same one. What customers notice of it may differ by the time it comes. */
export const changeFingerprint = ({ component, path, from, to }: Change): string =>
  createHash('sha256')
    .update(JSON.stringify([component, path, from, to]))
    .digest('hex')
    .slice(0, 16);
