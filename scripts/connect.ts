import { main, type Verb } from './lib/cli';
import { connectFlags, type ConnectFlags } from './lib/connect/flags';
import { withHosts } from './lib/run/hosts';

export const connect: Verb<ConnectFlags> = {
  name: 'connect',
  summary: 'Says, per channel, what the teams of websites and apps need from an org. Writes nothing to any org.',
  flags: connectFlags,
  run: (context) => withHosts(context, async (hosts) => (await import('./lib/connect')).runConnect(context, hosts)),
};

main(connect, module);
