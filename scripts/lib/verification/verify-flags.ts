import type { Command } from 'commander';
import type { TokenRate } from '../chat-api';
import { repeatable } from '../cli';
import { invalidFlagError } from '../errors';
import { parseDuration } from '../plan/duration';

/** Flags of every command that verifies orgs. */
export interface VerifyFlags {
  /** Command line that prints a token of the customer's own token service. */
  readonly tokenCommand?: string;
  /** Private key files; not used for production orgs. */
  readonly privateKey?: string | readonly string[];
  /** The `sub` of the tokens. */
  readonly subject?: string;
  /** Check groups in which an inconclusive check counts as failed. */
  readonly require?: readonly string[];
  /** Rejection checks that may fail, because no source says that Salesforce rejects the token. */
  readonly tolerate?: readonly string[];
  /** Token requests to one org in a time, such as `60/1m`. */
  readonly tokenBudget?: string;
  readonly allowLoopback?: boolean;
  /** Time that a deploy waits until its publish takes effect, such as `10m`. */
  readonly publishTimeout?: string;
}

/** 60 of the 200 token requests that Salesforce allows an org in a minute (Help, rate limits for Enhanced Chat). */
const DEFAULT_TOKEN_BUDGET = '60/1m';

/** Parses the value of `--token-budget`. Throws `invalid-flag` for any other text. */
export function parseTokenRate(text = DEFAULT_TOKEN_BUDGET): TokenRate {
  const [, requests, time = ''] = /^([1-9]\d{0,3})\/(\w+)$/.exec(text) ?? [];
  const milliseconds = parseDuration(time);
  if (requests !== undefined && milliseconds !== undefined) return { requests: Number(requests), milliseconds };
  throw invalidFlagError(
    `--token-budget ${text} isn't valid.`,
    'It is a number of requests, a slash, and a time with a unit: s, m, h or d.',
    `Use a value such as: --token-budget ${DEFAULT_TOKEN_BUDGET}`,
  );
}

/** Adds the flags. Flags of `deploy --verify` alone are added by deploy. */
export const addVerifyFlags = (program: Command): Command =>
  program
    .option('--token-command <command>', 'Command line that prints one identity token. Runs without a shell.')
    .option(
      '--private-key <file>',
      'Private key that signs the tokens. Can be repeated, also with retired and inactive keys. Not used for production orgs.',
      repeatable,
    )
    .option('--subject <sub>', 'Subject (sub) of the tokens. Default: verification-check.')
    .option(
      '--require <group>',
      'Check group in which an inconclusive check counts as failed, such as acceptance. Can be repeated.',
      repeatable,
    )
    .option(
      '--tolerate <check>',
      'Rejection check that may fail, such as "not yet valid", because Salesforce doesn\'t document it. Can be repeated.',
      repeatable,
    )
    .option(
      '--token-budget <requests/time>',
      // Not a default of the parser: deploy rejects the flag without --verify.
      `Token requests to each org in a time. Salesforce allows 200 a minute, shared with customers. Default: ${DEFAULT_TOKEN_BUDGET}.`,
    )
    .option('--allow-loopback', 'Also read JWKS endpoints on this machine, for tests and local orgs.');
