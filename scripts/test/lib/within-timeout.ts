import { runInNewContext } from 'node:vm';

/** Longer than the slowest machine needs for linear work, and shorter than quadratic work takes on the fastest one. */
const TIMEOUT_MS = 60_000;

/**
 * The result of a task on a large input. A timeout of the test runner can't interrupt synchronous work, and a hanging task would
 * stop all tests. So the task itself is interrupted, with ERR_SCRIPT_EXECUTION_TIMEOUT.
 */
export const withinTimeout = <T>(task: () => T): T => runInNewContext('task()', { task }, { timeout: TIMEOUT_MS }) as T;

/** Text of at least `size` characters: the parts for 0, 1, 2, and so on. */
export function repeatUntil(size: number, part: (index: number) => string): string {
  const parts: string[] = [];
  for (let length = 0; length < size; length += parts.at(-1)?.length ?? size) parts.push(part(parts.length));
  return parts.join('');
}
