import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { EXIT, ToolError } from '../errors';
import { JOURNAL_FILE, type JournalPlanEntry, type RunHeader } from './write-journal';

/** A submission that was begun, and what is written of it. */
export interface JournaledDeploy {
  /** Keys of what was sent; a deleted one has a minus in front. */
  readonly components: readonly string[];
  /** Ids of the deployments that the org knew before; null when it did not tell. */
  readonly knownJobIds: readonly string[] | null;
  readonly at: Date;
  /** Its id, when that came back. */
  readonly id?: string;
  /** Whether its end was seen, or it surely was not taken. */
  readonly settled: boolean;
}

/** What a journal tells of one org. */
export interface JournaledOrg {
  readonly alias: string;
  readonly orgId: string;
  /** Fingerprints of the changes that were planned. */
  readonly changes: readonly string[];
  /** Deployments that were to be published and perhaps were not. */
  readonly pendingPublishes: readonly string[];
  /** The last one. */
  readonly deploy?: JournaledDeploy;
  /** What became of it; undefined when the run never came to its end there. */
  readonly status?: string;
}

/** A run as its journal tells it. */
export interface JournaledRun extends Pick<RunHeader, 'command' | 'from' | 'sealed'> {
  readonly folder: string;
  readonly orgs: readonly JournaledOrg[];
}

const COMPLETE_STATUSES = ['changed', 'unchanged'];
const FINAL_STATUSES = [...COMPLETE_STATUSES, 'failed', 'skipped', 'unreachable', 'unknown'];
/** Whatever else a journal names is no deployment: it is looked up in the org then. */
const JOB_ID = /^0Af\w{15}$/;
/** Steps after which a submission needs no more looking after. */
const SETTLED_STEPS = ['deployed', 'rejected', 'not submitted'];

/** Whether an org was brought to where it should be. */
export const isComplete = ({ status }: JournaledOrg): boolean => COMPLETE_STATUSES.includes(status ?? '');

/**
 * The run of a command in the folder of that name, or without a name its last run. Throws `unknown-run` when there is none.
 */
export function readRun(runs: string, command: string, name?: string): JournaledRun {
  for (const each of listRunNames(runs).toReversed()) {
    if (name !== undefined && each !== basename(name)) continue;
    const run = readRunFolder(join(runs, each));
    if (run?.command === command) return run;
  }
  throw unknownRunError(runs, name);
}

/** What the runs from one on, that one included, tell of each org that they are about: the last of them counts. */
export function latestSince(runs: string, name: string, command?: string): ReadonlyMap<string, JournaledOrg> {
  const since = listRunNames(runs).filter((each) => each >= name);
  const told = since.flatMap((each) => readRunFolder(join(runs, each)) ?? []);
  const counting = told.filter((run) => command === undefined || run.command === command);
  return new Map(counting.flatMap(({ orgs }) => orgs.map((org) => [org.alias, org])));
}

const listRunNames = (runs: string): readonly string[] => (existsSync(runs) ? readdirSync(runs).sort() : []);

function readRunFolder(folder: string): JournaledRun | undefined {
  const lines = readLines(folder);
  const found = lines.find(({ run }) => run)?.run;
  if (!found) return undefined;
  const { command, from, sealed } = found;
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

/** The last line of a killed run may be cut: what it announces was not begun, what it reports is asked of the org. */
function parseLine(text: string): readonly Line[] {
  try {
    const { data } = lineSchema.safeParse(JSON.parse(text));
    return data ? [data] : [];
  } catch {
    return [];
  }
}

/** Every org that the run planned, with all that happened to it since, line by line. */
function replayOrgs(lines: readonly Line[]): readonly JournaledOrg[] {
  const orgs = new Map<string, JournaledOrg>();
  for (const each of lines) {
    for (const planned of each.run?.orgs ?? []) orgs.set(planned.alias, mergePlan(orgs.get(planned.alias), planned));
    const before = orgs.get(each.org ?? '');
    if (before && each.step !== undefined) orgs.set(before.alias, applyLine(before, each.step, each));
  }
  return [...orgs.values()];
}

/** What was not published stays to be published, and what was planned stays accepted, whatever a later plan says. */
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
      what: name === undefined ? 'There is no run to go on with.' : `There is no run "${name}" to go on with.`,
      why: `No journal of one is in ${runs}.`,
      fix: 'Name the folder of the journals with --runs, or deploy without --resume: it reads the orgs and does what is left.',
    },
    { exit: EXIT.invalid },
  );
