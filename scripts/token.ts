import { main, readStdin, type CommandDef } from './lib/cli';
import { EXIT } from './lib/errors';
import { withCliWorkers } from './lib/rollout/cli-workers';
import { addTokenCommands, type TokenFlags } from './lib/commands/token-flags';

export const token: CommandDef<TokenFlags> = {
  name: 'token',
  summary: 'Create a test token, or explain why Salesforce rejects one. Tokens are read from stdin only.',
  examples: [
    ['Explain a rejected token:', 'npm run -s token -- explain --org uat < token.txt'],
    ['Show the flags of a subcommand:', 'npm run token -- mint --help'],
  ],
  exitCodes: [EXIT.done, EXIT.failed, EXIT.invalid, EXIT.unreachable],
  flags: addTokenCommands,
  run: async (context) => {
    const { flags } = context;
    if (flags.verb === 'mint') return (await import('./lib/commands/token-mint')).runMint({ ...context, flags });
    const { runExplain } = await import('./lib/commands/token-explain');
    const input = await readStdin('a token, an error message, or an HTTP response');
    // Pasting the input can take a while, so the clock is read again.
    return runExplain({ ...context, flags, now: new Date() }, input, (use) => withCliWorkers(context, use));
  },
};

main(token, module);
