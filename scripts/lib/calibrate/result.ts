import { pluralize } from '../model';
import { styled, wrap, type TextLayout } from '../report';
import { assumedAnswer, type Experiment } from './experiment';

/** The result of one experiment. */
export interface ExperimentResult {
  readonly experiment: Experiment;
  readonly status: 'answered' | 'inconclusive' | 'skipped';
  /** Only if it is answered. */
  readonly answer?: string;
  /** The behavior of the org, or why there is no answer. */
  readonly observation: string;
}

const STATUS_STYLE = { answered: 'green', inconclusive: 'yellow', skipped: 'dim' } as const;

/** One experiment for people: ID, answer, what it means, and whether it differs from what this project assumes. */
export function resultText(layout: TextLayout, { experiment, status, answer, observation }: ExperimentResult): string {
  const head = `${experiment.id.padEnd(28)}  ${styled(layout, STATUS_STYLE[status], answer ?? status)}`;
  const meaning = answer === undefined ? '' : `${experiment.answers[answer] ?? ''} `;
  const isAssumed = answer === undefined || answer === assumedAnswer(experiment);
  const difference = isAssumed ? '' : ` This project assumes: ${assumedAnswer(experiment)}.`;
  return [
    head,
    wrap(layout, '    ', experiment.question),
    wrap(layout, '    ', `${meaning}${observation}${difference}`),
  ].join('\n');
}

/** The totals of a run, such as `28 experiments: 20 answered (3 not as assumed), 2 inconclusive, 6 skipped.` */
export function totalsText(results: readonly ExperimentResult[]): string {
  const count = (status: ExperimentResult['status']): number => results.filter((each) => each.status === status).length;
  const unexpected = results.filter(
    (each) => each.answer !== undefined && each.answer !== assumedAnswer(each.experiment),
  );
  const notAssumed = unexpected.length === 0 ? '' : ` (${unexpected.length} not as assumed)`;
  return `${pluralize(results.length, 'experiment')}: ${count('answered')} answered${notAssumed}, ${count('inconclusive')} inconclusive, ${count('skipped')} skipped.`;
}

/** An experiment for `--list`. */
export function listText(layout: TextLayout, experiment: Experiment): string {
  const { id, question, answers, source, method, writes, needs } = experiment;
  return [
    styled(layout, 'bold', id),
    wrap(layout, '    ', question),
    ...Object.entries(answers).map(([answer, meaning]) => wrap(layout, '      ', `${answer}: ${meaning}`, '    - ')),
    wrap(layout, '    ', `Method: ${method}`),
    wrap(layout, '    ', `Source: ${source}`),
    ...(writes.length > 0 ? [wrap(layout, '    ', `Creates: ${writes.join(', ')}`)] : []),
    ...(needs === undefined ? [] : [wrap(layout, '    ', `Needs: ${needs}`)]),
  ].join('\n');
}

/** An experiment in JSON documents. */
export const experimentJson = ({ id, question, answers, source, method, writes, needs }: Experiment): object => ({
  id,
  question,
  answers,
  source,
  method,
  writes,
  ...(needs !== undefined && { needs }),
});

export const resultJson = ({ experiment, ...result }: ExperimentResult): object => ({
  id: experiment.id,
  question: experiment.question,
  ...result,
  assumed: assumedAnswer(experiment),
});
