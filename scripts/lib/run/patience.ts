import { EXIT, ToolError } from '../errors';
import { PATIENCE, type Patience } from '../org';
import { spanOf } from '../seal';

export interface PatienceFlags {
  /** How long somebody else's run or deployment is waited for, such as `10m`. */
  readonly wait?: string;
  /** How long an unanswered submission may take to show up in the org, such as `60s`. */
  readonly settle?: string;
}

export const patienceOf = ({ wait, settle }: PatienceFlags): Patience => ({
  busy: spanFlag('--wait', wait, PATIENCE.busy),
  settle: spanFlag('--settle', settle, PATIENCE.settle),
});

/** A flag that is a span of time, in milliseconds. Throws `bad-flag` for any other text. */
export function spanFlag(flag: string, text: string | undefined, otherwise = 0): number {
  const span = text === undefined ? otherwise : spanOf(text);
  if (span !== undefined) return span;
  throw new ToolError(
    'bad-flag',
    {
      what: `${flag} ${text ?? ''} is not understood.`,
      why: 'It is a whole number and a unit: s, m, h or d.',
      fix: `Write ${flag} 10m, for example.`,
    },
    { exit: EXIT.invalid },
  );
}
