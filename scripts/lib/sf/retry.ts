import { setTimeout as pause } from 'node:timers/promises';
import { ToolError } from '../errors';
import { faultOf, type CliError, type NamedFault } from './faults';

/**
 * What a request does to an org: it looks, it leaves the org the same however often it is sent, or it must arrive only once.
 */
export type Effect = 'look' | 'same again' | 'only once';

const LONGEST_PAUSE = 30_000;

/**
 * Makes a request and repeats it as the table of faults says. A request that must arrive only once is repeated after those
 * faults alone in which the org did nothing. Throws what the last attempt threw.
 */
export async function repeated<T>(effect: Effect, request: () => Promise<T>): Promise<T> {
  const start = Date.now();
  for (let repeats = 0; ; repeats++) {
    try {
      return await request();
    } catch (thrown) {
      const fault = namedFault(thrown);
      if (!fault || !mayRepeat(fault, effect)) throw thrown;
      const wait = jittered(Math.min(LONGEST_PAUSE, fault.pause * 2 ** repeats));
      if (repeats >= fault.repeats || Date.now() - start + wait > fault.budget) throw thrown;
      await pause(wait);
    }
  }
}

/** The fault behind a thrown error; undefined when it has no name. */
export function namedFault(thrown: unknown): NamedFault | undefined {
  if (!(thrown instanceof ToolError) || !isCliError(thrown.cause)) return undefined;
  return faultOf(thrown.cause);
}

/** Whether the org did nothing with a request that failed so. */
export const isUndone = (thrown: unknown): boolean => namedFault(thrown)?.done === 'nothing';

const mayRepeat = ({ done }: NamedFault, effect: Effect): boolean => effect !== 'only once' || done === 'nothing';

/** Many orgs fail together when a network does; they must not all come back at once. */
const jittered = (milliseconds: number): number => milliseconds * (0.5 + Math.random());

function isCliError(cause: unknown): cause is CliError {
  const { name, message } = (cause ?? {}) as Partial<CliError>;
  return typeof name === 'string' && typeof message === 'string';
}
