import { main, type CommandDef } from './lib/cli';
import { keysFlags, type KeysFlags } from './lib/keys/flags';

export const keys: CommandDef<KeysFlags> = {
  name: 'keys',
  summary: 'Makes, imports, publishes, lists, probes and rotates the keys that tokens are verified with.',
  flags: keysFlags,
  run: async (context) => (await import('./lib/keys')).runKeys(context),
};

main(keys, module);
