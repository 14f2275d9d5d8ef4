import { main, readInput, type Verb } from './lib/cli';
import { withHosts } from './lib/run/hosts';
import { tokenFlags, type TokenFlags } from './lib/run/token-flags';

export const token: Verb<TokenFlags> = {
  name: 'token',
  summary: 'Makes a test token, or explains why one is not accepted. A token is never an argument.',
  flags: tokenFlags,
  run: async (context) => {
    const { flags } = context;
    if (flags.verb === 'mint') return (await import('./lib/run/token-mint')).runMint({ ...context, flags });
    const { runExplain } = await import('./lib/run/token-explain');
    const input = await readInput('a token, an error text or an HTTP answer');
    // Somebody may have taken a while to paste it.
    return runExplain({ ...context, flags, now: new Date() }, input, (use) => withHosts(context, use));
  },
};

main(token, module);
