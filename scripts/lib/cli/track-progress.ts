import type { ProgressBoard, TrackedWork, LiveProgress } from './progress';
import type { Context } from './context';

let activeProgress: LiveProgress | undefined;

/** Shows how far each org is while the work goes on: as a tree on a terminal, else as a line for every step. */
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

/** Whatever an org says of itself, it is one line: a second one could pass for news of another org. */
const toSingleLine = (text: string): string => text.replace(/\s+/g, ' ');
const progressLine = (alias: string, told: string): string => `  ${alias}: ${toSingleLine(told)}`;

type ProgressContext = Pick<Context, 'log'>;

/** Tells a step of an org: on the board that is drawn, else as a line. */
export function reportStep({ log }: ProgressContext, alias: string, step: string): void {
  if (activeProgress) activeProgress.onStep(alias, toSingleLine(step));
  else log(progressLine(alias, step));
}

/** Tells how an org came out. */
export function reportResult({ log }: ProgressContext, alias: string, outcome: string): void {
  if (activeProgress) activeProgress.onResult(alias, toSingleLine(outcome));
  else log(progressLine(alias, outcome));
}

/** Takes the board off the terminal, also while work goes on: a command that is stopped has something to say. */
export async function closeProgress(): Promise<void> {
  const board = activeProgress;
  activeProgress = undefined;
  await board?.close();
}
