import type { Command } from 'commander';
import { collect, main, type Verb } from './lib/cli';
import type { RefreshFlags } from './lib/refresh';
import { withHosts } from './lib/run/hosts';

export const refresh: Verb<RefreshFlags> = {
  name: 'refresh',
  summary: 'Makes a refreshed sandbox itself again: pins its new id, swaps keys and issuer, publishes, verifies.',
  flags: (program: Command) =>
    program
      .option('--accept <what>', 'go ahead without asking: "new-org" says that the org is the refreshed one', collect)
      .option('--no-verify', 'do not prove at the end that the org verifies its customers')
      .option('--token-command <command>', 'program, started without a shell, that prints one token of your issuer')
      .option('--private-key <file>', 'private key that signs the tokens instead')
      .option('--subject <sub>', 'the customer that the tokens are for', 'verification-check')
      .option('--runs <folder>', 'where journals are kept, relative to the project', '.runs'),
  run: (context) => withHosts(context, async (hosts) => (await import('./lib/refresh')).runRefresh(context, hosts)),
};

main(refresh, module);
