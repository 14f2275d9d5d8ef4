import type { z } from 'zod';
import type { ErrorCode } from '../errors';
import { decode } from './answers';
import { failureOf } from './failure';
import type { HostPool, Lane } from './pool';
import { repeated, type Effect } from './retry';

/** One command of the CLI: what is run, how its answer looks, and what it means when it fails. */
export interface Call<T extends z.ZodType> {
  readonly alias: string;
  /** The oclif id, e.g. `project:deploy:start`. */
  readonly command: string;
  readonly argv: readonly string[];
  readonly shape: T;
  readonly lane: Lane;
  readonly effect: Effect;
  /** Milliseconds until the answer is given up. */
  readonly timeout: number;
  /** Code and sentence of a failure that is neither the login's nor the network's. */
  readonly code: ErrorCode;
  readonly what: string;
  /** Throws when an answer that came tells of a failure. */
  readonly verify?: (answer: z.infer<T>) => void;
}

/** Runs a call in the pool, again where its fault allows it, and checks the answer. Throws a ToolError that says whose fault it was. */
export const answerOf = <T extends z.ZodType>(pool: HostPool, call: Call<T>): Promise<z.infer<T>> =>
  repeated(call.effect, () => answerOnce(pool, call));

async function answerOnce<T extends z.ZodType>(pool: HostPool, call: Call<T>): Promise<z.infer<T>> {
  const { result, error } = await pool.run(call.lane, call.command, call.argv, call.timeout);
  if (error) throw failureOf(error, call.alias, call.code, call.what);
  const answer = decode(call.shape, result, call.command);
  call.verify?.(answer);
  return answer;
}
