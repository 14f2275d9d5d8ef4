import type { z } from 'zod';
import type { ErrorCode } from '../errors';
import { parseResponse } from './responses';
import { explainCliError } from './explain-error';
import type { PinnedLogin } from './protocol';
import type { CliWorkerPool, Lane } from './worker-pool';
import { withRetry, type Effect } from './retry';

/** One command of the CLI, the shape of its response, and the error for a failure. */
export interface CliCall<T extends z.ZodType> {
  readonly alias: string;
  /** The login that the command uses, and the only org that it may send requests to. Without it, the command needs no login. */
  readonly login?: PinnedLogin;
  /** The oclif ID, e.g. `project:deploy:start`. */
  readonly command: string;
  /** The flags without `--target-org`. */
  readonly argv: readonly string[];
  readonly shape: T;
  readonly lane: Lane;
  readonly effect: Effect;
  /** How long to wait for the response, in milliseconds. */
  readonly timeout: number;
  /** Code and first sentence of the error for a failure that isn't a login or network failure. */
  readonly code: ErrorCode;
  readonly what: string;
  /** Throws if the response reports a failure. */
  readonly assertSuccess?: (response: z.infer<T>) => void;
}

/** Runs a call in the pool, retries it as `retry-policies` allows, and checks the response. Throws a ToolError. */
export const callCli = <T extends z.ZodType>(pool: CliWorkerPool, call: CliCall<T>): Promise<z.infer<T>> =>
  withRetry(call.effect, () => callOnce(pool, call));

async function callOnce<T extends z.ZodType>(pool: CliWorkerPool, call: CliCall<T>): Promise<z.infer<T>> {
  const { lane, command, login, timeout } = call;
  const argv = login ? [...call.argv, '--target-org', login.username] : call.argv;
  const { result, error } = await pool.run(lane, command, argv, timeout, login);
  if (error) throw explainCliError(error, call.alias, call.code, call.what);
  const response = parseResponse(call.shape, result, command);
  call.assertSuccess?.(response);
  return response;
}
