import type { Command } from 'commander';
import { collect, main, reportFlags, type Verb } from './lib/cli';
import { withHosts } from './lib/run/hosts';
import type { ProofFlags } from './lib/run/prove';

export const verify: Verb<ProofFlags> = {
  name: 'verify',
  summary: 'Proves that each org verifies its customers: a good token is accepted, every bad one is refused.',
  flags: (program: Command) =>
    reportFlags(program)
      .option('--token-command <command>', 'program, started without a shell, that prints one token of your issuer')
      .option('--private-key <file>', 'private key that signs the tokens instead; not for production')
      .option('--subject <sub>', 'the customer that the tokens are for', 'verification-check')
      .option('--require <part>', 'count "not proven" as failed, e.g. acceptance; repeat it for several', collect)
      .option('--allow-loopback', 'also read endpoints on this machine: for tests and local orgs', false),
  run: (context) => withHosts(context, async (hosts) => (await import('./lib/run')).runVerify(context, hosts)),
};

main(verify, module);
