import type { Command } from 'commander';
import { repeatable } from '../cli';

/** Flags of every command that proves orgs. */
export interface VerifyFlags {
  /** Command line that prints a token of the customer's own issuer. */
  readonly tokenCommand?: string;
  /** File of a private key, for orgs that are not production. */
  readonly privateKey?: string;
  /** The `sub` of the customer that tokens are for. */
  readonly subject?: string;
  /** Parts in which "inconclusive" counts as failed. */
  readonly require?: readonly string[];
  readonly allowLoopback?: boolean;
  /** How long a deploy waits for its publication to arrive, such as `10m`. */
  readonly publishTimeout?: string;
}

/** Adds them; what is for `deploy --verify` alone, deploy adds itself. */
export const addVerifyFlags = (program: Command): Command =>
  program
    .option('--token-command <command>', 'verify with one token that this program prints; started without a shell')
    .option('--private-key <file>', 'verify with tokens signed with this private key; not for production')
    .option('--subject <sub>', 'verify: the customer that the tokens are for', 'verification-check')
    .option(
      '--require <part>',
      'verify: count "inconclusive" as failed, e.g. acceptance; repeat it for several',
      repeatable,
    )
    .option('--allow-loopback', 'verify: also read endpoints on this machine, for tests and local orgs', false);
