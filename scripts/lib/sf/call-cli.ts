import type { z } from 'zod';
import type { ErrorCode } from '../errors';
import { parseResponse } from './responses';
import { explainCliError } from './explain-error';
import type { CliWorkerPool, Lane } from './worker-pool';
import { withRetry, type Effect } from './retry';

/** One command of the CLI: what is run, how its answer looks, and what it means when it fails. */
export interface CliCall<T extends z.ZodType> {
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
  readonly assertSuccess?: (answer: z.infer<T>) => void;
}

/** Runs a call in the pool, again where its fault allows it, and checks the answer. Throws a ToolError that says whose fault it was. */
export const callCli = <T extends z.ZodType>(pool: CliWorkerPool, call: CliCall<T>): Promise<z.infer<T>> =>
  withRetry(call.effect, () => callOnce(pool, call));

async function callOnce<T extends z.ZodType>(pool: CliWorkerPool, call: CliCall<T>): Promise<z.infer<T>> {
  const { result, error } = await pool.run(call.lane, call.command, call.argv, call.timeout);
  if (error) throw explainCliError(error, call.alias, call.code, call.what);
  const response = parseResponse(call.shape, result, call.command);
  call.assertSuccess?.(response);
  return response;
}
