import { main, type CommandDef } from './lib/cli';
import { addClientKitFlags, type ClientKitFlags } from './lib/client-kit/flags';
import { withCliWorkers } from './lib/rollout/cli-workers';

export const clientKit: CommandDef<ClientKitFlags> = {
  name: 'client-kit',
  summary: 'Says, per channel, what the teams of websites and apps need from an org. Writes nothing to any org.',
  flags: addClientKitFlags,
  run: (context) =>
    withCliWorkers(context, async (hosts) => (await import('./lib/client-kit')).runClientKit(context, hosts)),
};

main(clientKit, module);
