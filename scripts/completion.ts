import { Argument, type Command } from 'commander';
import { COMMANDS, loadCommand } from './command-list';
import { main, type CommandDef, type Context } from './lib/cli';
import { completionContexts } from './lib/cli/completion';
import { completionScript, SHELLS, type Shell } from './lib/cli/completion-scripts';
import { EXIT, type ExitCode } from './lib/errors';

interface CompletionFlags {
  readonly shell: Shell;
}

export const completion: CommandDef<CompletionFlags> = {
  name: 'completion',
  summary: 'Print a script that completes commands, flags, and org aliases of chat-verification in bash, zsh, or fish.',
  examples: [
    ['Load it in bash (zsh: the same with zsh):', 'npm run -s completion -- bash > completion.bash'],
    ['Print it for fish:', 'npm run -s completion -- fish > chat-verification.fish'],
  ],
  exitCodes: [EXIT.done, EXIT.invalid],
  flags: (program: Command) =>
    program
      .addArgument(new Argument('<shell>', 'Shell.').choices(SHELLS))
      .action((shell: string) => void program.setOptionValue('shell', shell)),
  run: printScript,
};

async function printScript({ flags, print, printJson }: Context<CompletionFlags>): Promise<ExitCode> {
  const definitions = await Promise.all(Object.values(COMMANDS).flat().map(loadCommand));
  const script = completionScript(flags.shell, completionContexts(definitions));
  print(script);
  printJson(JSON.stringify({ command: 'completion', exitCode: EXIT.done, findings: [], script }, null, 2));
  return EXIT.done;
}

main(completion, module);
