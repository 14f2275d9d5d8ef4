import { main, readStdin, type CommandDef } from './lib/cli';
import { withCliWorkers } from './lib/rollout/cli-workers';
import { addTokenCommands, type TokenFlags } from './lib/commands/token-flags';

export const token: CommandDef<TokenFlags> = {
  name: 'token',
  summary: 'Makes a test token, or explains why one is not accepted. A token is never an argument.',
  flags: addTokenCommands,
  run: async (context) => {
    const { flags } = context;
    if (flags.verb === 'mint') return (await import('./lib/commands/token-mint')).runMint({ ...context, flags });
    const { runExplain } = await import('./lib/commands/token-explain');
    const input = await readStdin('a token, an error text or an HTTP answer');
    // Somebody may have taken a while to paste it.
    return runExplain({ ...context, flags, now: new Date() }, input, (use) => withCliWorkers(context, use));
  },
};

main(token, module);
