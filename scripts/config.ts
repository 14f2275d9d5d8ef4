import { addOrgFlags, main, type CommandDef } from './lib/cli';
import { EXIT } from './lib/errors';

export const config: CommandDef = {
  name: 'config',
  summary: 'Print the settings of each org file with the shared values, and the file and line of each value.',
  examples: [
    ['Show where each setting of one org comes from:', 'npm run config -- --org uat'],
    ['Print the settings of all orgs as JSON:', 'npm run -s config -- --json'],
  ],
  exitCodes: [EXIT.done, EXIT.failed, EXIT.invalid],
  flags: (program) => addOrgFlags(program),
  run: async (context) => (await import('./lib/commands/config')).runConfig(context),
};

main(config, module);
