import type { Command } from 'commander';
import { positiveInteger } from '../cli';
import { invalidFlagError } from '../errors';
import { parseDuration, parseTime } from '../plan/duration';
import type { ShareLimits } from './share';
import type { TrafficWindow } from './traffic';

/** Flags of every command that evaluates the share of verified chats. */
export interface ShareFlags {
  /** Minimum share of verified chats in percent. */
  readonly minVerified?: string;
  /** With fewer chats, the share is inconclusive. */
  readonly minChats?: number;
}

export interface MonitorFlags extends ShareFlags {
  /** The start of the time in which chats are counted: a duration before now, or a time in ISO 8601. */
  readonly since: string;
  /** Percentage points by which the share may be below that of the previous days. */
  readonly maxDrop: string;
  /** A certificate that expires within so many days fails its check. */
  readonly within: number;
  /** Folder of the results of earlier runs. */
  readonly history?: string;
  readonly runs?: string;
}

export const DEFAULT_MIN_VERIFIED = '95';
export const DEFAULT_MIN_CHATS = 20;

export const addMonitorFlags = (program: Command): Command =>
  program
    .option('--since <time>', 'Start of the time in which chats are counted: a duration, or a time in ISO 8601.', '24h')
    .option('--min-verified <percent>', 'Minimum share of verified chats.', DEFAULT_MIN_VERIFIED)
    .option(
      '--min-chats <number>',
      'Number of chats below which the share is inconclusive.',
      positiveInteger,
      DEFAULT_MIN_CHATS,
    )
    .option(
      '--max-drop <points>',
      'Percentage points by which the share may be lower than in the same hours of previous days.',
      '5',
    )
    .option('--within <days>', 'Days before expiration from which a certificate fails its check.', positiveInteger, 30)
    .option('--history <folder>', 'Folder that keeps the results of each run, for the trend in the HTML page.')
    .option('--runs <folder>', 'Folder of the run journals, relative to the project.', '.runs');

/** The limits of the flags. Throws `invalid-flag`. */
export const shareLimitsFrom = ({
  minVerified = DEFAULT_MIN_VERIFIED,
  minChats = DEFAULT_MIN_CHATS,
  maxDrop = '100',
}: ShareFlags & Partial<Pick<MonitorFlags, 'maxDrop'>>): ShareLimits => ({
  minVerified: percentFlag('--min-verified', minVerified),
  minChats,
  maxDrop: percentFlag('--max-drop', maxDrop),
});

function percentFlag(flag: string, text: string): number {
  const number = /^\d{1,3}(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (number <= 100) return number;
  throw invalidFlagError(
    `${flag} ${text} isn't valid.`,
    'It is a number from 0 to 100.',
    `Use a value such as: ${flag} 95`,
  );
}

/** The window from --since until now. Throws `invalid-flag`. */
export function windowSince(since: string, now: Date): TrafficWindow {
  const duration = parseDuration(since);
  const from = duration === undefined ? parseTime(since) : new Date(now.getTime() - duration);
  if (from && from < now) return { from, to: now };
  throw invalidFlagError(
    `--since ${since} isn't valid.`,
    'It is a duration with a unit (m, h or d), or a past time in ISO 8601 with its time zone.',
    'Use a value such as: --since 2h',
  );
}
