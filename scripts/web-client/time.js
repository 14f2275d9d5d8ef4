import { failure } from './failure.js';

/** All times are milliseconds. */
export const SECOND = 1000;

/** @param {number} milliseconds */
export const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * Does work that can be aborted: by the caller, and by itself when it takes too long, which fails with `slow`.
 * @template T
 * @param {number} milliseconds
 * @param {(signal: AbortSignal) => T | Promise<T>} work
 * @param {AbortSignal} outer
 * @returns {Promise<T>}
 */
export function within(milliseconds, work, outer) {
  const inner = new AbortController();
  const abort = () => inner.abort();
  outer.addEventListener('abort', abort);
  /** @type {ReturnType<typeof setTimeout>} */
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(failure('slow')), milliseconds);
  });
  return Promise.race([late, Promise.resolve(inner.signal).then(work)]).finally(() => {
    clearTimeout(timer);
    abort();
  });
}
