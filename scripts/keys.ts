import { main, type CommandDef } from './lib/cli';
import { EXIT } from './lib/errors';
import { keysFlags, type KeysFlags } from './lib/keys/flags';

export const keys: CommandDef<KeysFlags> = {
  name: 'keys',
  summary: 'Create, import, list, check, and rotate the JSON web keys that verify identity tokens.',
  examples: [
    ['List every key that expires within 30 days:', 'npm run keys -- list'],
    ['Show the flags of a subcommand:', 'npm run keys -- rotate --help'],
  ],
  exitCodes: [EXIT.done, EXIT.failed, EXIT.changes, EXIT.invalid, EXIT.unreachable],
  flags: keysFlags,
  run: async (context) => (await import('./lib/keys')).runKeys(context),
};

main(keys, module);
