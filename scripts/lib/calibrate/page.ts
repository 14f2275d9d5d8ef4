import type { Evidence } from '../evidence';
import { npmRun } from '../model';
import { assumedAnswer, type Experiment } from './experiment';

const cell = (text: string): string => text.replaceAll('|', '\\|');

/** The answers that were found, with the orgs if they differ; a dash if there are none. */
function evidenceText({ id }: Experiment, evidence: readonly Evidence[]): string {
  const found = evidence.flatMap(({ alias, answers }) =>
    answers.filter((each) => each.id === id).map(({ answer, date }) => ({ alias, answer, date })),
  );
  return found.length === 0 ? '-' : found.map(({ alias, answer, date }) => `${answer} (${alias}, ${date})`).join(', ');
}

/** The guide to what this project assumes, and what evidence says. */
export function assumptionsPage(experiments: readonly Experiment[], evidence: readonly Evidence[]): string {
  const rows = experiments.map((experiment) =>
    [
      ...['`' + experiment.id + '`', experiment.question, experiment.answers[assumedAnswer(experiment)] ?? ''],
      ...[evidenceText(experiment, evidence), experiment.source],
    ].map(cell),
  );
  const table = [
    ['Question', 'In words', 'Assumed', 'Evidence', 'Source of the doubt'],
    ['-', '-', '-', '-', '-'],
    ...rows,
  ];
  return `# What this project assumes about Salesforce

This page is generated from the experiments and from \`config/evidence\` (\`${npmRun('generate')}\`). Each row is a question that
Salesforce doesn't document, or about which sources contradict each other. \`${npmRun('calibrate')}\` asks a sandbox:
[calibrate.md](calibrate.md). Without evidence, a dash, every command works with the assumption.

${table.map((row) => `| ${row.join(' | ')} |`).join('\n')}
`;
}
