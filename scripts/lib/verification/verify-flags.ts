import type { Command } from 'commander';
import { repeatable } from '../cli';

/** Flags of every command that verifies orgs. */
export interface VerifyFlags {
  /** Command line that prints a token of the customer's own token service. */
  readonly tokenCommand?: string;
  /** Private key file; not used for production orgs. */
  readonly privateKey?: string;
  /** The `sub` of the tokens. */
  readonly subject?: string;
  /** Check groups in which an inconclusive check counts as failed. */
  readonly require?: readonly string[];
  readonly allowLoopback?: boolean;
  /** Time that a deploy waits until its publish takes effect, such as `10m`. */
  readonly publishTimeout?: string;
}

/** Adds the flags. Flags of `deploy --verify` alone are added by deploy. */
export const addVerifyFlags = (program: Command): Command =>
  program
    .option('--token-command <command>', 'verify: Command line that prints one identity token. Runs without a shell.')
    .option('--private-key <file>', 'verify: Private key that signs the tokens. Not used for production orgs.')
    .option('--subject <sub>', 'verify: Subject (sub) of the tokens.', 'verification-check')
    .option(
      '--require <group>',
      'verify: Check group in which an inconclusive check counts as failed, such as acceptance. Can be repeated.',
      repeatable,
    )
    .option('--allow-loopback', 'verify: Also read JWKS endpoints on this machine, for tests and local orgs.', false);
