import type { Lab } from './lab';

/** An experiment can need more than the login of an admin. If it's missing, the experiment is skipped with a reason. */
export type Need = 'endpoint' | 'web' | 'agent' | 'limited-user';

/** The finding of an experiment. Without an answer, it is inconclusive, and the observation is the reason. */
export interface Observation {
  readonly answer?: string;
  /** The behavior of the org in one sentence. It never contains an ID, a host, or a token. */
  readonly observation: string;
}

/** One open question about Salesforce, and the function that answers it in an org. */
export interface Experiment {
  /** In kebab case, the same as in the table of the local org (local-org/answers.ts). */
  readonly id: string;
  readonly question: string;
  /** Answer -> its meaning. The first answer is what this project assumes without evidence. */
  readonly answers: Readonly<Record<string, string>>;
  /** Why the question is open: the sources that contradict each other, or that none exists. */
  readonly source: string;
  /** Components that the experiment creates in addition to the shared ones, such as `PublicKeyCertificate:Calibrate_Private`. */
  readonly writes: readonly string[];
  readonly needs?: Need;
  /** How the answers differ, in one sentence. */
  readonly method: string;
  readonly run: (lab: Lab) => Promise<Observation>;
}

/** The answer that this project assumes without evidence. */
export const assumedAnswer = ({ answers }: Pick<Experiment, 'answers'>): string => Object.keys(answers)[0] ?? '';
