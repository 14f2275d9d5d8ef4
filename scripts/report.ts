import type { Command } from 'commander';
import { repeatable, main, addReportFlags, type CommandDef } from './lib/cli';
import type { ReportFlags } from './lib/pipeline';

export const report: CommandDef<ReportFlags> = {
  name: 'report',
  summary: 'Joins the JSON documents of several jobs into one report, as if one had done it all.',
  flags: (program: Command) =>
    addReportFlags(program).option('--from <path>', 'a document, or a folder of them; repeat it', repeatable),
  run: async (context) => (await import('./lib/pipeline')).runReport(context),
};

main(report, module);
