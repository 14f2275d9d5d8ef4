import type { Check, CheckState } from '../model';

/** The parts of a proof, in the order in which they are made. */
export const PARTS = ['configuration', 'endpoint', 'acceptance', 'refusal', 'consistency'] as const;
export type Part = (typeof PARTS)[number];

/** How one thing came out, with what was seen. */
export interface Finding {
  readonly state: CheckState;
  readonly detail: string;
}

export const proven = (detail: string): Finding => ({ state: 'ok', detail });
export const failed = (detail: string): Finding => ({ state: 'failed', detail });
export const notProven = (detail: string): Finding => ({ state: 'not proven', detail });

/** A finding as a check of one channel. What was not proven is not ok. */
export const checkOf = (part: Part, channel: string, name: string, { state, detail }: Finding): Check => ({
  ...{ name, ok: state === 'ok', detail, state, part },
  ...(channel !== '' && { channel }),
});
