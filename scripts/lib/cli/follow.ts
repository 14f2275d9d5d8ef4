import type { Board, Followed, LiveBoard } from './board';
import type { Context } from './context';

let open: LiveBoard | undefined;

/** Shows how far each org is while the work goes on: as a tree on a terminal, else as a line for every step. */
export async function follow<T>(
  { live, progress }: Pick<Context, 'live' | 'progress'>,
  what: Followed,
  work: (board: Board) => Promise<T>,
): Promise<T> {
  if (!live) {
    if (what.told !== undefined) progress(what.told);
    const tell = (alias: string, step: string): void => progress(lineOf(alias, step));
    return work({ step: tell, done: tell });
  }
  open = await live(what);
  try {
    return await work(open);
  } finally {
    await closeBoard();
  }
}

/** Whatever an org says of itself, it is one line: a second one could pass for news of another org. */
const oneLine = (text: string): string => text.replace(/\s+/g, ' ');
const lineOf = (alias: string, told: string): string => `  ${alias}: ${oneLine(told)}`;

type Teller = Pick<Context, 'progress'>;

/** Tells a step of an org: on the board that is drawn, else as a line. */
export function tellStep({ progress }: Teller, alias: string, step: string): void {
  if (open) open.step(alias, oneLine(step));
  else progress(lineOf(alias, step));
}

/** Tells how an org came out. */
export function tellOutcome({ progress }: Teller, alias: string, outcome: string): void {
  if (open) open.done(alias, oneLine(outcome));
  else progress(lineOf(alias, outcome));
}

/** Takes the board off the terminal, also while work goes on: a command that is stopped has something to say. */
export async function closeBoard(): Promise<void> {
  const board = open;
  open = undefined;
  await board?.close();
}
