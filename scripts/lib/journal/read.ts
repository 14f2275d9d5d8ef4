import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { EXIT, ToolError } from '../errors';
import { JOURNAL, type PlannedOrg, type RunHead } from './write';

/** A submission that was begun, and what is written of it. */
export interface Submission {
  /** Keys of what was sent; a deleted one has a minus in front. */
  readonly components: readonly string[];
  /** Ids of the deployments that the org knew before; null when it did not tell. */
  readonly known: readonly string[] | null;
  readonly at: Date;
  /** Its id, when that came back. */
  readonly id?: string;
  /** Whether its end was seen, or it surely was not taken. */
  readonly over: boolean;
}

/** What a journal tells of one org. */
export interface PastOrg {
  readonly alias: string;
  readonly orgId: string;
  /** Fingerprints of the changes that were planned. */
  readonly changes: readonly string[];
  /** Deployments that were to be published and perhaps were not. */
  readonly unpublished: readonly string[];
  /** The last one. */
  readonly submission?: Submission;
  /** What became of it; undefined when the run never came to its end there. */
  readonly outcome?: string;
}

/** A run as its journal tells it. */
export interface PastRun extends Pick<RunHead, 'command' | 'from' | 'sealed'> {
  readonly folder: string;
  readonly orgs: readonly PastOrg[];
}

const THROUGH = ['changed', 'unchanged'];
const OUTCOMES = [...THROUGH, 'failed', 'skipped', 'unreachable', 'unknown'];
/** Whatever else a journal names is no deployment: it is looked up in the org then. */
const DEPLOYMENT = /^0Af\w{15}$/;
/** Steps after which a submission needs no more looking after. */
const OVER = ['deployed', 'refused', 'not sent'];

/** Whether an org was brought to where it should be. */
export const isThrough = ({ outcome }: PastOrg): boolean => THROUGH.includes(outcome ?? '');

/**
 * The run of a command in the folder of that name, or without a name its last run. Throws `unknown-run` when there is none.
 */
export function readRun(runs: string, command: string, name?: string): PastRun {
  for (const each of namesIn(runs).toReversed()) {
    if (name !== undefined && each !== basename(name)) continue;
    const run = pastRun(join(runs, each));
    if (run?.command === command) return run;
  }
  throw noRun(runs, name);
}

/** What the runs from one on, that one included, tell of each org that they are about: the last of them counts. */
export function lastSince(runs: string, name: string, command?: string): ReadonlyMap<string, PastOrg> {
  const since = namesIn(runs).filter((each) => each >= name);
  const told = since.flatMap((each) => pastRun(join(runs, each)) ?? []);
  const counting = told.filter((run) => command === undefined || run.command === command);
  return new Map(counting.flatMap(({ orgs }) => orgs.map((org) => [org.alias, org])));
}

const namesIn = (runs: string): readonly string[] => (existsSync(runs) ? readdirSync(runs).sort() : []);

function pastRun(folder: string): PastRun | undefined {
  const lines = linesIn(folder);
  const found = lines.find(({ run }) => run)?.run;
  if (!found) return undefined;
  const { command, from, sealed } = found;
  return { folder, command, from, ...(sealed !== undefined && { sealed }), orgs: orgsOf(lines) };
}

const head = z.object({
  command: z.string(),
  from: z.enum(['project', 'sealed plan', 'snapshots']),
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

const line = z.object({
  at: z.iso.datetime(),
  run: head.optional(),
  org: z.string().optional(),
  step: z.string().optional(),
  detail: z.string().optional(),
  known: z.array(z.string()).nullable().optional(),
});
type Line = z.infer<typeof line>;

function linesIn(folder: string): readonly Line[] {
  const file = join(folder, JOURNAL);
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').flatMap(readLine) : [];
}

/** The last line of a killed run may be cut: what it announces was not begun, what it reports is asked of the org. */
function readLine(text: string): readonly Line[] {
  try {
    const { data } = line.safeParse(JSON.parse(text));
    return data ? [data] : [];
  } catch {
    return [];
  }
}

/** Every org that the run planned, with all that happened to it since, line by line. */
function orgsOf(lines: readonly Line[]): readonly PastOrg[] {
  const orgs = new Map<string, PastOrg>();
  for (const each of lines) {
    for (const planned of each.run?.orgs ?? []) orgs.set(planned.alias, plannedAnew(orgs.get(planned.alias), planned));
    const before = orgs.get(each.org ?? '');
    if (before && each.step !== undefined) orgs.set(before.alias, after(before, each.step, each));
  }
  return [...orgs.values()];
}

/** What was not published stays to be published, and what was planned stays accepted, whatever a later plan says. */
function plannedAnew(before: PastOrg | undefined, { publish, ...planned }: PlannedOrg): PastOrg {
  const { submission, unpublished = [], changes = [] } = before ?? {};
  return {
    ...planned,
    changes: [...new Set([...changes, ...planned.changes])],
    unpublished: [...new Set([...unpublished, ...publish])],
    ...(submission && { submission }),
  };
}

function after(org: PastOrg, step: string, { at, detail, known }: Line): PastOrg {
  const { submission } = org;
  if (step === 'deploying')
    return { ...org, submission: { at: new Date(at), components: listed(detail), known: known ?? null, over: false } };
  if (submission && step === 'submitted' && detail !== undefined && DEPLOYMENT.test(detail))
    return { ...org, submission: { ...submission, id: detail } };
  if (submission && OVER.includes(step)) return { ...org, submission: { ...submission, over: true } };
  if (step === 'published') return { ...org, unpublished: [] };
  if (!OUTCOMES.includes(step)) return org;
  return { ...org, outcome: step, ...(THROUGH.includes(step) && { unpublished: [] }) };
}

const listed = (detail: string | undefined): readonly string[] => (detail ?? '').split(', ').filter(Boolean);

const noRun = (runs: string, name: string | undefined): ToolError =>
  new ToolError(
    'unknown-run',
    {
      what: name === undefined ? 'There is no run to go on with.' : `There is no run "${name}" to go on with.`,
      why: `No journal of one is in ${runs}.`,
      fix: 'Name the folder of the journals with --runs, or deploy without --resume: it reads the orgs and does what is left.',
    },
    { exit: EXIT.invalid },
  );
