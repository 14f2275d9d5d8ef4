import { main, type Verb } from './lib/cli';
import { keysFlags, type KeysFlags } from './lib/keys/flags';

export const keys: Verb<KeysFlags> = {
  name: 'keys',
  summary: 'Makes, imports, publishes, lists, probes and rotates the keys that tokens are verified with.',
  flags: keysFlags,
  run: async (context) => (await import('./lib/keys')).runKeys(context),
};

main(keys, module);
