import type { Command } from 'commander';
import { repeatable, main, addOrgFlag, positiveInteger, type CommandDef } from './lib/cli';
import { EXIT } from './lib/errors';
import type { ImportFlags } from './lib/import';
import { withCliWorkers } from './lib/rollout/cli-workers';

export const importOrgs: CommandDef<ImportFlags> = {
  name: 'import',
  summary: 'Import the user verification of existing orgs as source and org files.',
  examples: [
    ['Preview the files for one org:', 'npm run import -- --org mysandbox'],
    ['Import two orgs into one source, and write the files:', 'npm run import -- --org uat --org prod --write'],
  ],
  exitCodes: [EXIT.done, EXIT.failed, EXIT.changes, EXIT.invalid, EXIT.unreachable],
  flags: (program: Command) =>
    addOrgFlag(program, '(required) Alias of an authorized org. Can be repeated.')
      .option(
        '--channel <name>',
        'Developer name of a channel to import. Can be repeated. Default: channels with user verification on.',
        repeatable,
      )
      .option('--no-origins', 'Skip the allowed origins (CORS).')
      .option(
        '--wave <number>',
        'Wave of new org files. Default: 1, and the last wave for production.',
        positiveInteger,
      )
      .option('--write', 'Write the files without a confirmation prompt.', false),
  run: (context) =>
    withCliWorkers(context, async (workers) => (await import('./lib/import')).runImport(context, workers)),
};

main(importOrgs, module);
