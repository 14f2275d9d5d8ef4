import type { Command } from 'commander';
import { collect } from '../cli';

/** Flags of every command that proves orgs. */
export interface ProofFlags {
  /** Command line that prints a token of the customer's own issuer. */
  readonly tokenCommand?: string;
  /** File of a private key, for orgs that are not production. */
  readonly privateKey?: string;
  /** The `sub` of the customer that tokens are for. */
  readonly subject?: string;
  /** Parts in which "not proven" counts as failed. */
  readonly require?: readonly string[];
  readonly allowLoopback?: boolean;
  /** Minutes that a deploy gives its publication to arrive. */
  readonly verifyWait?: number;
}

/** Adds them; what is for `deploy --verify` alone, deploy adds itself. */
export const proofOptions = (program: Command): Command =>
  program
    .option('--token-command <command>', 'verify with one token that this program prints; started without a shell')
    .option('--private-key <file>', 'verify with tokens signed with this private key; not for production')
    .option('--subject <sub>', 'verify: the customer that the tokens are for', 'verification-check')
    .option('--require <part>', 'verify: count "not proven" as failed, e.g. acceptance; repeat it for several', collect)
    .option('--allow-loopback', 'verify: also read endpoints on this machine, for tests and local orgs', false);
