import { main, type CommandDef } from './lib/cli';
import { addTokenServerFlags, type TokenServerFlags } from './lib/token-server/flags';

export const tokenServer: CommandDef<TokenServerFlags> = {
  name: 'token-server',
  summary: 'Serves a reference token endpoint on this machine: session in, identity token out, and the JWKS.',
  flags: addTokenServerFlags,
  run: async (context) => (await import('./lib/token-server')).runTokenServer(context),
};

main(tokenServer, module);
