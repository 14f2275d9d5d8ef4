import { main, type CommandDef } from './lib/cli';
import { EXIT } from './lib/errors';
import { withCliWorkers } from './lib/rollout/cli-workers';
import { addSetupFlags, type SetupFlags } from './lib/setup/flags';

export const setup: CommandDef<SetupFlags> = {
  name: 'setup',
  summary: 'Set up user verification for one org: check it, ask what is missing, write the files, and show the plan.',
  examples: [
    ['Answer questions on the terminal:', 'npm run setup -- --org mysandbox'],
    [
      'Give all answers as flags:',
      'npm run setup -- --org mysandbox --issuer https://id.example.com --private-key ../chat.pem --channel Web_Chat --site https://shop.example.com --yes',
    ],
    [
      'Use an identity provider with a JWKS endpoint:',
      'npm run setup -- --org mysandbox --provider https://login.example.com',
    ],
  ],
  exitCodes: [EXIT.done, EXIT.failed, EXIT.changes, EXIT.invalid, EXIT.unreachable],
  flags: addSetupFlags,
  run: async (context) =>
    context.flags.verb === undefined
      ? withCliWorkers(context, async (workers) => (await import('./lib/setup')).runSetup(context, workers))
      : (await import('./lib/setup/new-component')).addComponent(context),
};

main(setup, module);
