import { Attempts } from '../attempts';

const MINUTE_MS = 60_000;

describe('Attempts', () => {
  it('doubles the delay and returns undefined after the limit', () => {
    const attempts = new Attempts(4);
    expect([0, 1, 2, 3, 4].map((now) => attempts.next(now))).toEqual([0, 1000, 2000, 4000, undefined]);
  });

  it('resets the count more than a minute after the last allowed attempt', () => {
    const attempts = new Attempts(1);
    expect(attempts.next(0)).toBe(0);
    expect(attempts.next(MINUTE_MS)).toBeUndefined();
    expect(attempts.next(MINUTE_MS + 1)).toBe(0);
  });
});
