import type { ProgressBoard, TrackedWork, LiveProgress } from './progress';
import type { Context } from './context';

let activeProgress: LiveProgress | undefined;

/** Shows the progress of each org during the work: as a tree on a terminal, or as a line for each step. */
export async function trackProgress<T>(
  { startProgress, log }: Pick<Context, 'startProgress' | 'log'>,
  what: TrackedWork,
  work: (board: ProgressBoard) => Promise<T>,
): Promise<T> {
  if (!startProgress) {
    if (what.startLine !== undefined) log(what.startLine);
    const tell = (alias: string, step: string): void => log(progressLine(alias, step));
    return work({ onStep: tell, onResult: tell });
  }
  activeProgress = await startProgress(what);
  try {
    return await work(activeProgress);
  } finally {
    await closeProgress();
  }
}

/** Text of an org is one line, because a second line could imitate the progress of another org. */
const toSingleLine = (text: string): string => text.replace(/\s+/g, ' ');
const progressLine = (alias: string, text: string): string => `  ${alias}: ${toSingleLine(text)}`;

type ProgressContext = Pick<Context, 'log'>;

/** Reports a step of an org in the tree, or as a line. */
export function reportStep({ log }: ProgressContext, alias: string, step: string): void {
  if (activeProgress) activeProgress.onStep(alias, toSingleLine(step));
  else log(progressLine(alias, step));
}

/** Reports the status of a finished org. */
export function reportResult({ log }: ProgressContext, alias: string, outcome: string): void {
  if (activeProgress) activeProgress.onResult(alias, toSingleLine(outcome));
  else log(progressLine(alias, outcome));
}

/** Removes the tree from the terminal, also before the work ends, so that a stopped command can print an error. */
export async function closeProgress(): Promise<void> {
  const board = activeProgress;
  activeProgress = undefined;
  await board?.close();
}
