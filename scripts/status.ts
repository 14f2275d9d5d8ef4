import { main, addOrgFlags, addReportFlags, type CommandDef } from './lib/cli';
import { EXIT } from './lib/errors';
import { withCliWorkers } from './lib/rollout/cli-workers';

export const status: CommandDef = {
  name: 'status',
  summary: 'Compare the live settings of every org with the desired state, without changing an org.',
  examples: [
    ['Show the settings of all orgs side by side:', 'npm run status'],
    ['Write the trust map of production as an HTML page:', 'npm run status -- --org prod --html status.html'],
  ],
  exitCodes: [EXIT.done, EXIT.failed, EXIT.changes, EXIT.invalid, EXIT.unreachable],
  flags: (program) => addReportFlags(addOrgFlags(program)),
  run: (context) =>
    withCliWorkers(context, async (workers) => (await import('./lib/commands/status')).runStatus(context, workers)),
};

main(status, module);
