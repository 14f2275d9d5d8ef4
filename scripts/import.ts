import type { Command } from 'commander';
import { repeatable, main, type CommandDef } from './lib/cli';
import type { ImportFlags } from './lib/import';
import { withCliWorkers } from './lib/rollout/cli-workers';

export const importOrgs: CommandDef<ImportFlags> = {
  name: 'import',
  summary: 'Turns the user verification of existing orgs into source and org files. Shows everything before it writes.',
  flags: (program: Command) =>
    program
      .option('--channel <name>', 'a channel to take; repeat it (default: those that verify users)', repeatable)
      .option('--no-origins', 'leave the allowed origins (CORS) out')
      .option('--web-deployments', 'take deployments of type Web, too, which only Setup creates', false)
      .option('--write', 'write what is shown, without asking', false),
  run: (context) => withCliWorkers(context, async (hosts) => (await import('./lib/import')).runImport(context, hosts)),
};

main(importOrgs, module);
