import type { Command } from 'commander';
import { collect, main, reportFlags, type Verb } from './lib/cli';
import type { ReportFlags } from './lib/pipeline';

export const report: Verb<ReportFlags> = {
  name: 'report',
  summary: 'Joins the JSON documents of several jobs into one report, as if one had done it all.',
  flags: (program: Command) =>
    reportFlags(program).option('--from <path>', 'a document, or a folder of them; repeat it', collect),
  run: async (context) => (await import('./lib/pipeline')).runReport(context),
};

main(report, module);
