import type { Command } from 'commander';
import { repeatable, main, addReportFlags, type CommandDef } from './lib/cli';
import { EXIT } from './lib/errors';
import type { ReportFlags } from './lib/pipeline';

export const report: CommandDef<ReportFlags> = {
  name: 'report',
  summary: 'Merge the JSON results of several jobs into one report.',
  examples: [
    ['Merge all results in a folder:', 'npm run report -- --from outcomes --html report.html'],
    ['Merge two results:', 'npm run report -- --from dev.json --from uat.json --markdown report.md'],
  ],
  exitCodes: [EXIT.done, EXIT.failed, EXIT.changes, EXIT.invalid, EXIT.unreachable],
  flags: (program: Command) =>
    addReportFlags(
      program.option(
        '--from <path>',
        '(required) JSON result of a command, or a folder of results. Can be repeated.',
        repeatable,
      ),
    ),
  run: async (context) => (await import('./lib/pipeline')).runReport(context),
};

main(report, module);
