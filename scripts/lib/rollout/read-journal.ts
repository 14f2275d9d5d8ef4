import { npmRun, parseCommandText } from '../model';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { EXIT, ToolError } from '../errors';
import { isOtherProcess } from '../org';
import { listSnapshots } from '../plan';
import type { Canary } from './rollout-options';
import { runFlagsSchema, type RunFlags } from './run-flags';

export const JOURNAL_FILE = 'journal.ndjson';

/** The plans of a run. A resumed run adds another header. */
export interface RunHeader {
  readonly command: string;
  /** How the chats of each wave are watched. */
  readonly canary?: Pick<Canary, 'durationMs' | 'minVerified' | 'minChats'>;
  /** The flags that a resumed run inherits. */
  readonly flags?: RunFlags;
  /** The source of the plans. */
  readonly from: 'project' | 'plan' | 'snapshots';
  /** The creation time of the saved plan, which identifies it. */
  readonly planCreatedAt?: string;
  /** The command that continues the run. It doesn't contain the run ID of a deploy. */
  readonly resumeCommand?: string;
  readonly orgs: readonly JournalPlanEntry[];
}

/** The plan of one org of a run. */
export interface JournalPlanEntry {
  readonly alias: string;
  readonly orgId: string;
  /** The fingerprint of each change of the plan. */
  readonly changes: readonly string[];
  /** Developer names of the chat deployments to publish. */
  readonly publish: readonly string[];
}

/**
 * The position of a plan among the runs of a folder. Clocks and file times can be wrong, so a header records which runs its
 * command knew.
 */
export interface RunOrder {
  /** Greater than the number of every run that was there before. */
  readonly sequence: number;
  /** Runs with remaining work, each with the number of its journal lines when this plan was made. */
  readonly seen: Readonly<Record<string, number>>;
}

/** A submission and its result in the journal. */
export interface JournaledDeploy {
  /** Keys of the submitted components; a deleted one has a minus in front. */
  readonly components: readonly string[];
  /** IDs of the deploy jobs that the org listed before; null if it doesn't list them. */
  readonly knownJobIds: readonly string[] | null;
  readonly at: Date;
  /** The job ID, if Salesforce returned one. */
  readonly id?: string;
  /** The developer name of the chat deployment that was being created. A creation has no deploy job. */
  readonly creates?: string;
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
  /** Developer names of the chat deployments whose publication the last step of that kind started. */
  readonly publishing: readonly string[];
  /** IDs of the deploy jobs whose effects that publication includes; null if the org doesn't list them. */
  readonly publishingAfter: readonly string[] | null;
  /** Developer names of the chat deployments that were published since the last plan. */
  readonly published: readonly string[];
  /** The last publication of each chat deployment: IDs of the deploy jobs whose effects it includes. */
  readonly publications: ReadonlyMap<string, readonly string[]>;
  /** Whether a deploy job succeeded, or a channel or chat deployment may have been changed. */
  readonly written: boolean;
  /** Earlier runs that the last plan knew, each with the number of its journal lines. */
  readonly seen: RunOrder['seen'];
  /** The number of journal lines up to the last plan, write, or result of the org. */
  readonly lines: number;
  /** The start of a watch of its chats that didn't end. */
  readonly watchedSince?: Date;
  /** The last submission. */
  readonly deploy?: JournaledDeploy;
  /** The result of the org; undefined if the run was interrupted before it ended. */
  readonly status?: string;
}

/** A run, read from its journal. */
export interface JournaledRun extends Pick<
  RunHeader,
  'command' | 'from' | 'planCreatedAt' | 'resumeCommand' | 'canary' | 'flags'
> {
  readonly folder: string;
  /** The time of its first plan, by the clock of its machine. */
  readonly startedAt: Date;
  /** The sequence number of its last plan. */
  readonly sequence: number;
  /** The number of its journal lines. */
  readonly lines: number;
  /** Whether another process of this machine is writing it. What runs on another machine isn't known. */
  readonly isRunning: boolean;
  readonly orgs: readonly JournaledOrg[];
}

/** The runs of a folder in the order of their last plans, and the runs whose journals can't be read. */
export interface RunHistory {
  readonly runs: readonly JournaledRun[];
  readonly unreadable: readonly { readonly id: string; readonly why: string }[];
}

const COMPLETE_STATUSES = ['changed', 'unchanged'];
const FINAL_STATUSES = [...COMPLETE_STATUSES, 'failed', 'skipped', 'unreachable', 'unknown'];
/** A job ID with another format is ignored, and the job is looked up in the org. */
const JOB_ID = /^0Af\w{15}$/;
/** Steps after which the result of a submission, or of the creation of a chat deployment, is known. */
const SETTLED_STEPS = ['deployed', 'rejected', 'not submitted', 'created', 'not created'];
/** Steps after which chat deployments can differ from their published settings. */
const WRITTEN_STEPS = ['deployed', 'routing', 'created', 'updating', 'activating', 'publishing'];
/** Steps that start a write, and results. A later run can write the result of a deploy job to the journal, so it isn't one. */
const OWN_STEPS = [
  ...['deactivating', 'deploying', 'routing', 'creating', 'updating', 'activating', 'publishing'],
  ...FINAL_STATUSES,
];

/** Whether an org reached its desired state. */
export const isComplete = ({ status }: JournaledOrg): boolean => COMPLETE_STATUSES.includes(status ?? '');

/** The run of a command with an ID, or its last run. Throws `unknown-run` if there is none, and `unreadable-file`. */
export function readRun(folder: string, command: string, name?: string): JournaledRun {
  const { runs, unreadable } = readRuns(folder);
  const isNamed = (id: string): boolean => name === undefined || id === basename(name);
  const run = runs.findLast((each) => each.command === command && isNamed(basename(each.folder)));
  if (run) return run;
  const damaged = name === undefined ? undefined : unreadable.find(({ id }) => isNamed(id));
  throw damaged ? unreadableError(damaged) : unknownRunError(folder, name);
}

/**
 * Reads all runs of a folder. A journal that can't be read doesn't affect the other runs. Without the folder there are no runs.
 * Throws `unreadable-file` or the error of the file system if the folder can't be read, because a run could be incomplete.
 */
export function readRuns(folder: string): RunHistory {
  const results = listRunNames(folder).map((id) => {
    try {
      return readRunFolder(join(folder, id));
    } catch (thrown) {
      const { code, message } = thrown as NodeJS.ErrnoException;
      return { id, why: code ?? message };
    }
  });
  const runs = results.flatMap((each) => (each && 'folder' in each ? [each] : []));
  return {
    // Runs with the same number started at the same time, or on two machines: the name decides.
    runs: runs.sort((one, other) => one.sequence - other.sequence),
    unreadable: results.flatMap((each) => (each && 'why' in each ? [each] : [])),
  };
}

function listRunNames(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code === 'ENOENT') return [];
    throw code === 'ENOTDIR' ? notAFolderError(folder) : thrown;
  }
}

/** The reason why a journal is damaged. */
const NO_HEADER = 'its header is missing or damaged';

function readRunFolder(folder: string): JournaledRun | undefined {
  const lines = readLines(folder);
  const first = lines.find(({ run }) => run);
  // Snapshots are written after the header. The result of an earlier run's deploy job can be written before it.
  if (!first?.run && listSnapshots(folder).length > 0) throw new Error(NO_HEADER);
  if (!first?.run) return undefined;
  const { command, from, planCreatedAt } = first.run;
  const { resumeCommand, flags } = lines.findLast(({ run }) => run)?.run ?? first.run;
  const canary = lines.findLast(({ run }) => run?.canary)?.run?.canary;
  return {
    folder,
    command,
    from,
    startedAt: new Date(first.at),
    lines: lines.length,
    orgs: replayOrgs(lines),
    sequence: lines.reduce((highest, { run }) => Math.max(highest, run?.sequence ?? 0), 0),
    isRunning: isWritten(lines),
    ...(planCreatedAt !== undefined && { planCreatedAt }),
    ...(resumeCommand !== undefined && { resumeCommand }),
    ...(canary && { canary }),
    ...(flags && { flags }),
  };
}

/** Whether the process of the last plan still exists. */
function isWritten(lines: readonly Line[]): boolean {
  const writer = lines.findLast(({ run }) => run)?.run?.process;
  return writer !== undefined && isOtherProcess(writer);
}

const headerSchema = z.object({
  command: z.string(),
  from: z.enum(['project', 'plan', 'snapshots']),
  planCreatedAt: z.string().optional(),
  // Users run this command: text that isn't a command of this project is ignored.
  resumeCommand: z
    .string()
    .refine((text) => parseCommandText(text) !== undefined)
    .optional()
    .catch(undefined),
  canary: z
    .object({
      durationMs: z.number().positive(),
      minVerified: z.number().min(0).max(100),
      minChats: z.int().positive(),
    })
    .optional(),
  flags: runFlagsSchema.optional(),
  sequence: z.int().min(0).default(0),
  seen: z.record(z.string(), z.int().min(0)).default({}),
  process: z.object({ pid: z.int().positive(), started: z.string(), host: z.string() }).optional(),
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
  const stats = statSync(file, { throwIfNoEntry: false });
  if (!stats) return [];
  // A pipe would be read forever.
  if (!stats.isFile()) throw new Error("it isn't a file");
  return readFileSync(file, 'utf8').split('\n').flatMap(parseLine);
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
  for (const [index, each] of lines.entries()) {
    const { seen = {}, orgs: plans = [] } = each.run ?? {};
    for (const planned of plans)
      orgs.set(planned.alias, { ...mergePlan(orgs.get(planned.alias), planned), seen, lines: index + 1 });
    const before = orgs.get(each.org ?? '');
    if (!before || each.step === undefined) continue;
    const after = applyLine(before, each.step, each);
    orgs.set(before.alias, OWN_STEPS.includes(each.step) ? { ...after, lines: index + 1 } : after);
  }
  return [...orgs.values()];
}

/** Merges a later plan of the same run: pending publications stay pending, and accepted changes stay accepted. */
function mergePlan(
  before: JournaledOrg | undefined,
  { publish, ...planned }: JournalPlanEntry,
): Omit<JournaledOrg, 'seen' | 'lines'> {
  const { deploy, watchedSince, pendingPublishes = [], changes = [], written = false } = before ?? {};
  const { publications = new Map() } = before ?? {};
  return {
    ...planned,
    changes: [...new Set([...changes, ...planned.changes])],
    pendingPublishes: [...new Set([...pendingPublishes, ...publish])],
    publishing: [],
    publishingAfter: null,
    published: [],
    publications,
    written,
    ...(deploy && { deploy }),
    ...(watchedSince && { watchedSince }),
  };
}

function applyLine(org: JournaledOrg, step: string, line: Line): JournaledOrg {
  const { deploy } = org;
  const { at, detail, known } = line;
  if (step === 'deploying')
    return {
      ...org,
      deploy: { at: new Date(at), components: splitKeys(detail), knownJobIds: known ?? null, settled: false },
    };
  if (step === 'creating' && detail !== undefined)
    return {
      ...org,
      deploy: { at: new Date(at), components: [], knownJobIds: null, creates: detail, settled: false },
    };
  if (deploy && step === 'submitted' && detail !== undefined && JOB_ID.test(detail))
    return { ...org, deploy: { ...deploy, id: detail } };
  if (step === 'watching' || step === 'watch passed' || step === 'watch not passed')
    return applyWatch(org, step, detail);
  const written = org.written || WRITTEN_STEPS.includes(step);
  if (deploy && SETTLED_STEPS.includes(step)) return { ...org, written, deploy: { ...deploy, settled: true } };
  return { ...applyPublish(org, step, line), written };
}

/** A watch that is resumed starts when the first one did. After a watch that ended, there is none. */
function applyWatch({ watchedSince: _, ...org }: JournaledOrg, step: string, detail = ''): JournaledOrg {
  const since = new Date(detail);
  return step === 'watching' && !Number.isNaN(since.getTime()) ? { ...org, watchedSince: since } : org;
}

/** Applies a step that publishes, or a result. A rollback after a failure publishes more than the plan. */
function applyPublish(org: JournaledOrg, step: string, { detail, known }: Line): JournaledOrg {
  const { pendingPublishes, publishing, publishingAfter, published, publications } = org;
  if (step === 'publishing') {
    const names = splitKeys(detail);
    const pending = [...new Set([...pendingPublishes, ...names])];
    return { ...org, publishing: names, publishingAfter: known ?? null, pendingPublishes: pending };
  }
  if (step === 'published') {
    const done = publishingAfter ? publishing.map((name) => [name, publishingAfter] as const) : [];
    return {
      ...org,
      pendingPublishes: [],
      published: [...published, ...publishing],
      publications: new Map([...publications, ...done]),
    };
  }
  if (!FINAL_STATUSES.includes(step)) return org;
  return { ...org, status: step, ...(COMPLETE_STATUSES.includes(step) && { pendingPublishes: [] }) };
}

const splitKeys = (detail: string | undefined): readonly string[] => (detail ?? '').split(', ').filter(Boolean);

const notAFolderError = (path: string): ToolError =>
  new ToolError(
    'unreadable-file',
    {
      what: `${path} isn't a folder, so its runs can't be read.`,
      why: 'Runs have a folder each.',
      fix: 'Specify the folder of the journals with --runs.',
    },
    { exit: EXIT.invalid },
  );

const unreadableError = ({ id, why }: RunHistory['unreadable'][number]): ToolError =>
  new ToolError(
    'unreadable-file',
    {
      what: `The journal of run ${id} can't be read.`,
      why: `The reason: ${why}.`,
      fix: `Restore ${id}/${JOURNAL_FILE} from a copy or make it readable, or resume another run. To list the runs: ${npmRun('runs')}`,
    },
    { exit: EXIT.invalid },
  );

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
