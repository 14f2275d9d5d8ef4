import { main, type Verb } from './lib/cli';
import { tokenServerFlags, type TokenServerFlags } from './lib/token-server/flags';

export const tokenServer: Verb<TokenServerFlags> = {
  name: 'token-server',
  summary: 'Serves a reference token endpoint on this machine: session in, identity token out, and the JWKS.',
  flags: tokenServerFlags,
  run: async (context) => (await import('./lib/token-server')).runTokenServer(context),
};

main(tokenServer, module);
