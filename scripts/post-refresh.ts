import type { Command } from 'commander';
import { repeatable, main, type CommandDef } from './lib/cli';
import type { PostRefreshFlags } from './lib/post-refresh';
import { withCliWorkers } from './lib/rollout/cli-workers';

export const postRefresh: CommandDef<PostRefreshFlags> = {
  name: 'post-refresh',
  summary: 'Makes a refreshed sandbox itself again: pins its new id, swaps keys and issuer, publishes, verifies.',
  flags: (program: Command) =>
    program
      .option(
        '--accept <what>',
        'go ahead without asking: "new-org-id" says that the org is the refreshed one',
        repeatable,
      )
      .option('--no-verify', 'do not prove at the end that the org verifies its customers')
      .option('--token-command <command>', 'program, started without a shell, that prints one token of your issuer')
      .option('--private-key <file>', 'private key that signs the tokens instead')
      .option('--subject <sub>', 'the customer that the tokens are for', 'verification-check')
      .option('--runs <folder>', 'where journals are kept, relative to the project', '.runs'),
  run: (context) =>
    withCliWorkers(context, async (hosts) => (await import('./lib/post-refresh')).runPostRefresh(context, hosts)),
};

main(postRefresh, module);
