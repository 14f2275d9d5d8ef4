import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { reportResult, reportStep, type Context } from '../cli';
import { type PlannedOrg } from './plan-fleet';
import { effectivePlan, type PublishOptions } from './deploy-org';
import type { JournalPlanEntry } from './read-journal';
import { createJournal, appendToJournal, type Journal } from './write-journal';
import type { Change } from '../model';
import type { ReportStep } from '../org';
import type { ResumableRun } from './resume';

/** Writes each step and result to the journal of a run, then to the progress display. */
export interface Recorder {
  readonly journal: Journal;
  readonly recordStep: (alias: string, ...step: Parameters<ReportStep>) => void;
  readonly recordResult: (alias: string, outcome: string) => void;
}

/** The recorder of a new run, or of the resumed one. */
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
    recordStep: (org, ...details) => reportStep(context, org, withoutLongList(write(org, ...details))),
    recordResult: (org, outcome) => reportResult(context, org, write(org, outcome)),
  };
}

const MAX_SHOWN_KEYS = 2;

/** Only the journal lists every component of a large deploy, because a progress line is printed for each org and attempt. */
function withoutLongList(step: string): string {
  const [name, ...keys] = step.split(/,? /);
  return name === 'deploying' && keys.length > MAX_SHOWN_KEYS ? `${name} ${keys.length} components` : step;
}

/** The plans of a fleet for the journal. Orgs that couldn't be planned are included, so that a resumed run plans them. */
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

/** Identifies a change by its component, path and values. Its impact isn't included, because it depends on the live state. */
export const changeFingerprint = ({ component, path, from, to }: Change): string =>
  createHash('sha256')
    .update(JSON.stringify([component, path, from, to]))
    .digest('hex')
    .slice(0, 16);
