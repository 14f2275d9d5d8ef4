import { main, addFullFlag, addOrgFlags, addReportFlags, type CommandDef } from './lib/cli';
import { EXIT } from './lib/errors';

export const check: CommandDef = {
  name: 'check',
  summary: 'Check the source and the org files against the rules of user verification, without an org.',
  examples: [
    ['Check the desired state of every org:', 'npm run check'],
    ['Check one org, and write the findings for a pipeline:', 'npm run check -- --org uat --junit check.xml'],
  ],
  exitCodes: [EXIT.done, EXIT.failed, EXIT.invalid],
  flags: (program) => addReportFlags(addFullFlag(addOrgFlags(program))),
  run: async (context) => (await import('./lib/commands/check')).runCheck(context),
};

main(check, module);
