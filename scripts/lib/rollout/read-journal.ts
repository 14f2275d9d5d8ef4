import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { EXIT, ToolError } from '../errors';
import { JOURNAL_FILE, type JournalPlanEntry, type RunHeader } from './write-journal';

/** A submission and its result in the journal. */
export interface JournaledDeploy {
  /** Keys of the submitted components; a deleted one has a minus in front. */
  readonly components: readonly string[];
  /** IDs of the deploy jobs that the org listed before; null if it doesn't list them. */
  readonly knownJobIds: readonly string[] | null;
  readonly at: Date;
  /** The job ID, if Salesforce returned one. */
  readonly id?: string;
  /** Whether its result is known. */
  readonly settled: boolean;
}

/** The state of one org in a journal. */
export interface JournaledOrg {
  readonly alias: string;
  readonly orgId: string;
  /** Fingerprints of the planned changes. */
  readonly changes: readonly string[];
  /** Developer names of the chat deployments that might not be published yet. */
  readonly pendingPublishes: readonly string[];
  /** The last submission. */
  readonly deploy?: JournaledDeploy;
  /** The result of the org; undefined if the run was interrupted before it ended. */
  readonly status?: string;
}

/** A run, read from its journal. */
export interface JournaledRun extends Pick<RunHeader, 'command' | 'from' | 'sealed'> {
  readonly folder: string;
  readonly orgs: readonly JournaledOrg[];
}

const COMPLETE_STATUSES = ['changed', 'unchanged'];
const FINAL_STATUSES = [...COMPLETE_STATUSES, 'failed', 'skipped', 'unreachable', 'unknown'];
/** A job ID with another format is ignored, and the job is looked up in the org. */
const JOB_ID = /^0Af\w{15}$/;
/** Steps after which the result of a submission is known. */
const SETTLED_STEPS = ['deployed', 'rejected', 'not submitted'];

/** Whether an org reached its desired state. */
export const isComplete = ({ status }: JournaledOrg): boolean => COMPLETE_STATUSES.includes(status ?? '');

/** The run of a command with an ID, or its last run. Throws `unknown-run` if there is none. */
export function readRun(runs: string, command: string, name?: string): JournaledRun {
  for (const each of listRunNames(runs).toReversed()) {
    if (name !== undefined && each !== basename(name)) continue;
    const run = readRunFolder(join(runs, each));
    if (run?.command === command) return run;
  }
  throw unknownRunError(runs, name);
}

/** The latest state of each org in the runs since `name`, including that run. */
export function latestSince(runs: string, name: string, command?: string): ReadonlyMap<string, JournaledOrg> {
  const since = listRunNames(runs).filter((each) => each >= name);
  const journaledRuns = since.flatMap((each) => readRunFolder(join(runs, each)) ?? []);
  const selected = journaledRuns.filter((run) => command === undefined || run.command === command);
  return new Map(selected.flatMap(({ orgs }) => orgs.map((org) => [org.alias, org])));
}

const listRunNames = (runs: string): readonly string[] => (existsSync(runs) ? readdirSync(runs).sort() : []);

function readRunFolder(folder: string): JournaledRun | undefined {
  const lines = readLines(folder);
  const header = lines.find(({ run }) => run)?.run;
  if (!header) return undefined;
  const { command, from, sealed } = header;
  return { folder, command, from, ...(sealed !== undefined && { sealed }), orgs: replayOrgs(lines) };
}

const headerSchema = z.object({
  command: z.string(),
  from: z.enum(['project', 'plan', 'snapshots']),
  sealed: z.string().optional(),
  orgs: z.array(
    z.object({
      alias: z.string(),
      orgId: z.string(),
      changes: z.array(z.string()),
      publish: z.array(z.string()),
    }),
  ),
});

const lineSchema = z.object({
  at: z.iso.datetime(),
  run: headerSchema.optional(),
  org: z.string().optional(),
  step: z.string().optional(),
  detail: z.string().optional(),
  known: z.array(z.string()).nullable().optional(),
});
type Line = z.infer<typeof lineSchema>;

function readLines(folder: string): readonly Line[] {
  const file = join(folder, JOURNAL_FILE);
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').flatMap(parseLine) : [];
}

/** The last line of a killed run can be truncated: the step it announces didn't start, and a result it reports is read from the org. */
function parseLine(text: string): readonly Line[] {
  try {
    const { data } = lineSchema.safeParse(JSON.parse(text));
    return data ? [data] : [];
  } catch {
    return [];
  }
}

/** Each planned org with its state after all lines. */
function replayOrgs(lines: readonly Line[]): readonly JournaledOrg[] {
  const orgs = new Map<string, JournaledOrg>();
  for (const each of lines) {
    for (const planned of each.run?.orgs ?? []) orgs.set(planned.alias, mergePlan(orgs.get(planned.alias), planned));
    const before = orgs.get(each.org ?? '');
    if (before && each.step !== undefined) orgs.set(before.alias, applyLine(before, each.step, each));
  }
  return [...orgs.values()];
}

/** Merges a later plan of the same run: pending publications stay pending, and accepted changes stay accepted. */
function mergePlan(before: JournaledOrg | undefined, { publish, ...planned }: JournalPlanEntry): JournaledOrg {
  const { deploy, pendingPublishes = [], changes = [] } = before ?? {};
  return {
    ...planned,
    changes: [...new Set([...changes, ...planned.changes])],
    pendingPublishes: [...new Set([...pendingPublishes, ...publish])],
    ...(deploy && { deploy }),
  };
}

function applyLine(org: JournaledOrg, step: string, { at, detail, known }: Line): JournaledOrg {
  const { deploy } = org;
  if (step === 'deploying')
    return {
      ...org,
      deploy: { at: new Date(at), components: splitKeys(detail), knownJobIds: known ?? null, settled: false },
    };
  if (deploy && step === 'submitted' && detail !== undefined && JOB_ID.test(detail))
    return { ...org, deploy: { ...deploy, id: detail } };
  if (deploy && SETTLED_STEPS.includes(step)) return { ...org, deploy: { ...deploy, settled: true } };
  if (step === 'published') return { ...org, pendingPublishes: [] };
  if (!FINAL_STATUSES.includes(step)) return org;
  return { ...org, status: step, ...(COMPLETE_STATUSES.includes(step) && { pendingPublishes: [] }) };
}

const splitKeys = (detail: string | undefined): readonly string[] => (detail ?? '').split(', ').filter(Boolean);

const unknownRunError = (runs: string, name: string | undefined): ToolError =>
  new ToolError(
    'unknown-run',
    {
      what: name === undefined ? 'No run to resume.' : `No run "${name}" to resume.`,
      why: `${runs} contains no journal of ${name === undefined ? 'a run' : 'this run'}.`,
      fix: 'Specify the folder of the journals with --runs. To deploy what is left without a journal, omit --resume.',
    },
    { exit: EXIT.invalid },
  );
