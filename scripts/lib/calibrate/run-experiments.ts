import { asToolError, ToolError, type ErrorCode } from '../errors';
import type { Selected } from './experiments';
import { Inconclusive, type Lab } from './lab';
import type { ExperimentResult } from './result';
import { scrub } from './scrub';

/** Errors after which no other experiment can succeed, or is safe. */
const FATAL: readonly ErrorCode[] = [
  ...(['org-mismatch', 'login-missing', 'login-refused', 'org-unreachable', 'chat-api-unreachable'] as const),
  ...(['deploy-unknown', 'cli-missing', 'cli-crashed', 'interrupted', 'file-system', 'internal'] as const),
];

/** Runs experiments one after the other. Throws an error that prevents the others; any other error makes one inconclusive. */
export async function runExperiments(
  lab: Lab,
  selected: readonly Selected[],
  onResult: (result: ExperimentResult) => void,
): Promise<readonly ExperimentResult[]> {
  const results: ExperimentResult[] = [];
  for (const each of selected) {
    const result = await runOne(lab, each);
    onResult(result);
    results.push(result);
  }
  return results;
}

async function runOne(lab: Lab, { experiment, skipped }: Selected): Promise<ExperimentResult> {
  if (skipped !== undefined) return { experiment, status: 'skipped', observation: skipped };
  try {
    const { answer, observation } = await experiment.run(lab);
    if (answer === undefined) return { experiment, status: 'inconclusive', observation: scrub(observation) };
    return { experiment, status: 'answered', answer, observation: scrub(observation) };
  } catch (thrown) {
    if (thrown instanceof Inconclusive)
      return { experiment, status: 'inconclusive', observation: scrub(thrown.message) };
    const error = asToolError(thrown);
    if (FATAL.includes(error.code)) throw error;
    return { experiment, status: 'inconclusive', observation: scrub(reasonOf(error)) };
  }
}

const reasonOf = ({ what, why }: ToolError): string => `${what} ${why}`;
