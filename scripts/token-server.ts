import { main, type CommandDef } from './lib/cli';
import { EXIT } from './lib/errors';
import { addTokenServerFlags, type TokenServerFlags } from './lib/token-server/flags';

export const tokenServer: CommandDef<TokenServerFlags> = {
  name: 'token-server',
  summary: 'Serve a reference token service and its JWKS endpoint on this machine.',
  examples: [
    [
      'Sign tokens with the key of one org:',
      'npm run token-server -- --org dev --private-key dev.pem --customer C-1001',
    ],
    [
      'Read the private key from a vault, and let one site request tokens:',
      'npm run token-server -- --org dev --private-key-command "vault read key" --allow-origin https://shop.example.com',
    ],
  ],
  exitCodes: [EXIT.done, EXIT.failed, EXIT.invalid],
  flags: addTokenServerFlags,
  run: async (context) => (await import('./lib/token-server')).runTokenServer(context),
};

main(tokenServer, module);
