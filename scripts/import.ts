import type { Command } from 'commander';
import { collect, main, type Verb } from './lib/cli';
import type { ImportFlags } from './lib/import';
import { withHosts } from './lib/run/hosts';

export const importOrgs: Verb<ImportFlags> = {
  name: 'import',
  summary: 'Turns the user verification of existing orgs into source and org files. Shows everything before it writes.',
  flags: (program: Command) =>
    program
      .option('--channel <name>', 'a channel to take; repeat it (default: those that verify users)', collect)
      .option('--no-origins', 'leave the allowed origins (CORS) out')
      .option('--web-deployments', 'take deployments of type Web, too, which only Setup creates', false)
      .option('--write', 'write what is shown, without asking', false),
  run: (context) => withHosts(context, async (hosts) => (await import('./lib/import')).runImport(context, hosts)),
};

main(importOrgs, module);
