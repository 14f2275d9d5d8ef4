import { main, reportFlags, type Verb } from './lib/cli';
import { withHosts } from './lib/run/hosts';

export const status: Verb = {
  name: 'status',
  summary: 'Shows what every org holds: settings as rows, orgs as columns, drift marked. Writes nothing.',
  flags: reportFlags,
  run: (context) => withHosts(context, async (hosts) => (await import('./lib/run')).runStatus(context, hosts)),
};

main(status, module);
