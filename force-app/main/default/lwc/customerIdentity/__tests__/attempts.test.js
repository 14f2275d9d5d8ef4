import { Attempts } from '../attempts';

const MINUTE = 60_000;

describe('attempts', () => {
  it('wait longer each time and end at the limit', () => {
    const attempts = new Attempts(4);
    expect([0, 1, 2, 3, 4].map((now) => attempts.take(now))).toEqual([0, 1000, 2000, 4000, undefined]);
  });

  it('start again after more than a calm minute, counted from the last one that was granted', () => {
    const attempts = new Attempts(1);
    expect(attempts.take(0)).toBe(0);
    expect(attempts.take(MINUTE)).toBeUndefined();
    expect(attempts.take(MINUTE + 1)).toBe(0);
  });
});
