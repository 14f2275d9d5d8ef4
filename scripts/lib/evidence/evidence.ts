import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { invalidFlagError } from '../errors';
import { issueSentence, readRegularFile, writeAtomic } from '../files';
import { groupBy, joinNames, npmRun } from '../model';

/** Where evidence is stored, relative to the project: one file for each org. */
export const EVIDENCE_FOLDER = 'config/evidence';

const answerSchema = z.strictObject({
  id: z.string(),
  question: z.string(),
  answer: z.string(),
  observation: z.string(),
  apiVersion: z.string(),
  date: z.iso.date(),
});

const evidenceSchema = z.strictObject({ answers: z.array(answerSchema) });

/** An answer that `calibrate` found in a real org. */
export type EvidenceAnswer = z.infer<typeof answerSchema>;

/** The answers that were found in one org. */
export interface Evidence {
  readonly alias: string;
  /** Relative to the project. */
  readonly file: string;
  readonly answers: readonly EvidenceAnswer[];
}

/** The evidence of all orgs of a project, sorted by alias. Throws `invalid-flag` for a file that isn't evidence. */
export const readEvidence = (project: string): readonly Evidence[] =>
  listFiles(join(project, EVIDENCE_FOLDER)).map((name) => {
    const file = `${EVIDENCE_FOLDER}/${name}`;
    return { alias: name.slice(0, -'.json'.length), file, answers: readAnswers(join(project, file), file) };
  });

function listFiles(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .sort();
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw thrown;
  }
}

/** The answers in an evidence file. `shown` is its path in an error. Throws `invalid-flag` for a file that isn't evidence. */
export function readAnswers(path: string, shown = path): readonly EvidenceAnswer[] {
  const { data, error } = evidenceSchema.safeParse(parseJson(readText(path, shown)));
  if (data) return data.answers;
  throw invalidFlagError(
    `${shown} isn't an evidence file.`,
    error.issues.map(issueSentence).join(' '),
    `Delete the file, and create it again: ${npmRun('calibrate', '--org', 'ORG')}`,
  );
}

function readText(path: string, shown: string): string {
  try {
    return readRegularFile(path);
  } catch (thrown) {
    throw invalidFlagError(
      `The evidence file ${shown} can't be read.`,
      thrown instanceof Error ? thrown.message : String(thrown),
      `Name an existing file, or create one: ${npmRun('calibrate', '--org', 'ORG')}`,
    );
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}

/** Adds answers to the evidence of an org. They replace earlier answers to the same questions. Returns the path of the file. */
export function writeEvidence(project: string, alias: string, answers: readonly EvidenceAnswer[]): string {
  const earlier = readEvidence(project).find((each) => each.alias === alias)?.answers ?? [];
  const ids = new Set(answers.map(({ id }) => id));
  const all = [...earlier.filter(({ id }) => !ids.has(id)), ...answers].sort((one, other) =>
    one.id < other.id ? -1 : 1,
  );
  const file = `${EVIDENCE_FOLDER}/${alias}.json`;
  writeAtomic(join(project, file), `${JSON.stringify({ answers: all }, null, 2)}\n`);
  return file;
}

/** The files whose answer to a question applies to an org, as one text: its own, or those of all other orgs. */
export function evidenceFilesFor(evidence: readonly Evidence[], alias: string, question: string): string {
  const answering = evidence.filter(({ answers }) => answers.some(({ id }) => id === question));
  const own = answering.filter((each) => each.alias === alias);
  return joinNames((own.length > 0 ? own : answering).map(({ file }) => file));
}

/** A question with different answers in different orgs. */
export interface Conflict {
  readonly id: string;
  readonly question: string;
  /** Answer -> aliases of the orgs with it. */
  readonly answers: ReadonlyMap<string, readonly string[]>;
}

/** The questions to which orgs give different answers. */
export function conflictsIn(evidence: readonly Evidence[]): readonly Conflict[] {
  const all = evidence.flatMap(({ alias, answers }) => answers.map((answer) => ({ ...answer, alias })));
  return [...groupBy(all, ({ id }) => id)].flatMap(([id, found]) => {
    const byAnswer = groupBy(found, ({ answer }) => answer);
    const answers = new Map([...byAnswer].map(([answer, rows]) => [answer, rows.map(({ alias }) => alias)]));
    return answers.size > 1 ? [{ id, question: found[0]?.question ?? '', answers }] : [];
  });
}

/**
 * The answers that apply to an org: its own, and those on which all other orgs agree. A question with different answers in
 * other orgs has none. Without an alias: those on which all orgs agree.
 */
export function answersOf(evidence: readonly Evidence[], alias?: string): ReadonlyMap<string, string> {
  const disputed = new Set(conflictsIn(evidence.filter((each) => each.alias !== alias)).map(({ id }) => id));
  const others = evidence.filter((each) => each.alias !== alias).flatMap(({ answers }) => answers);
  const own = evidence.filter((each) => each.alias === alias).flatMap(({ answers }) => answers);
  return new Map([...others.filter(({ id }) => !disputed.has(id)), ...own].map(({ id, answer }) => [id, answer]));
}
