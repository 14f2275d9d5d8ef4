import { main, addReportFlags, type CommandDef } from './lib/cli';
import { withCliWorkers } from './lib/rollout/cli-workers';

export const status: CommandDef = {
  name: 'status',
  summary: 'Shows what every org holds: settings as rows, orgs as columns, drift marked. Writes nothing.',
  flags: addReportFlags,
  run: (context) =>
    withCliWorkers(context, async (hosts) => (await import('./lib/commands/status')).runStatus(context, hosts)),
};

main(status, module);
