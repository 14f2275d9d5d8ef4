/** What can be the matter with the shop's token service. */
export const TROUBLES = ['none', 'broken', 'down', 'slow'] as const;
export type Trouble = (typeof TROUBLES)[number];

/** How far the clocks of shop and org are put forward: beyond the life of both tokens (60 and 5 minutes). */
const LEAP = 61 * 60 * 1000;

/** Where somebody decides what goes wrong in the shop. */
export interface Desk {
  trouble: Trouble;
  /** The time in the shop and in its org. */
  readonly now: () => Date;
  /** Lets an hour pass in both, so that every token there is has expired. */
  leap(): void;
}

export function openDesk(): Desk {
  let ahead = 0;
  return {
    trouble: 'none',
    now: () => new Date(Date.now() + ahead),
    leap: () => {
      ahead += LEAP;
    },
  };
}
