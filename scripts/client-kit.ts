import { main, type CommandDef } from './lib/cli';
import { EXIT } from './lib/errors';
import { addClientKitFlags, type ClientKitFlags } from './lib/client-kit/flags';
import { withCliWorkers } from './lib/rollout/cli-workers';

export const clientKit: CommandDef<ClientKitFlags> = {
  name: 'client-kit',
  summary: 'Generate client settings and code snippets for each channel, without changing an org.',
  examples: [
    ['Print the settings of every channel of an org:', 'npm run client-kit -- --org uat'],
    ['Write the files for one website:', 'npm run client-kit -- --org uat --client web --out kit'],
  ],
  exitCodes: [EXIT.done, EXIT.failed, EXIT.invalid, EXIT.unreachable],
  flags: addClientKitFlags,
  run: (context) =>
    withCliWorkers(context, async (workers) => (await import('./lib/client-kit')).runClientKit(context, workers)),
};

main(clientKit, module);
