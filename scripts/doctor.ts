import { addOrgFlags, main, type CommandDef } from './lib/cli';
import { EXIT } from './lib/errors';
import { withCliWorkers } from './lib/rollout/cli-workers';

export const doctor: CommandDef = {
  name: 'doctor',
  summary: 'Check this machine, the project, and the orgs for what commands need, without changing anything.',
  examples: [
    ['Check everything:', 'npm run doctor'],
    ['Check one org, and print the checks as JSON:', 'npm run -s doctor -- --org uat --json'],
  ],
  exitCodes: [EXIT.done, EXIT.failed, EXIT.invalid, EXIT.unreachable],
  flags: (program) => addOrgFlags(program),
  run: (context) =>
    withCliWorkers(context, async (workers) => (await import('./lib/setup')).runDoctor(context, workers)),
};

main(doctor, module);
