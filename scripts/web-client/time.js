import { identityError } from './identity-error.js';

/** One second in milliseconds. All durations are in milliseconds. */
export const SECOND = 1000;

/** @param {number} milliseconds */
export const delay = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * Runs a task that the caller can abort. When the task takes too long, aborts it and fails with `timeout`.
 * @template T
 * @param {number} milliseconds
 * @param {(signal: AbortSignal) => T | Promise<T>} task
 * @param {AbortSignal} outerSignal
 * @returns {Promise<T>}
 */
export function withTimeout(milliseconds, task, outerSignal) {
  const controller = new AbortController();
  const abort = () => controller.abort();
  outerSignal.addEventListener('abort', abort);
  /** @type {ReturnType<typeof setTimeout>} */
  let timer;
  const timeout = new Promise((_, reject) => {
    timer = setTimeout(reject, milliseconds, identityError('timeout'));
  });
  return Promise.race([timeout, Promise.resolve(controller.signal).then(task)]).finally(() => {
    clearTimeout(timer);
    abort();
  });
}
