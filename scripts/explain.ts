import type { Command } from 'commander';
import { main, type CommandDef } from './lib/cli';
import type { ExplainFlags } from './lib/commands/explain';
import { EXIT } from './lib/errors';

export const explain: CommandDef<ExplainFlags> = {
  name: 'explain',
  summary: 'Explain the code of an error or a finding: its cause, an example, and its fix.',
  examples: [
    ['Explain a code of a report:', 'npm run explain -- auth-without-authorization'],
    ['List all codes:', 'npm run explain'],
  ],
  exitCodes: [EXIT.done, EXIT.invalid],
  flags: (program: Command) =>
    program
      .argument('[code]', 'Code of an error or a finding. Default: list all codes.')
      .action((code?: string) => void program.setOptionValue('code', code)),
  run: async (context) => (await import('./lib/commands/explain')).runExplainCode(context),
};

main(explain, module);
