import type { Command } from 'commander';
import { repeatable, main, addConfirmFlags, addOrgFlag, type CommandDef, excludesFlags } from './lib/cli';
import { EXIT } from './lib/errors';
import type { PostRefreshFlags } from './lib/commands/post-refresh';
import { withCliWorkers } from './lib/rollout/cli-workers';

export const postRefresh: CommandDef<PostRefreshFlags> = {
  name: 'post-refresh',
  summary:
    "Restore a refreshed sandbox: record its new org ID, restore the sandbox's issuer and keys, publish, and verify.",
  examples: [
    ['Show the changes without making them:', 'npm run post-refresh -- --org uat --dry-run'],
    ['Restore a sandbox, with a confirmation prompt:', 'npm run post-refresh -- --org uat --private-key ../uat.pem'],
    ['Restore a sandbox in a pipeline:', 'npm run post-refresh -- --org uat --accept new-org-id'],
  ],
  exitCodes: [EXIT.done, EXIT.failed, EXIT.changes, EXIT.invalid, EXIT.unreachable],
  flags: addPostRefreshFlags,
  run: (context) =>
    withCliWorkers(context, async (workers) =>
      (await import('./lib/commands/post-refresh')).runPostRefresh(context, workers),
    ),
};

function addPostRefreshFlags(program: Command): Command {
  addConfirmFlags(addOrgFlag(program, '(required) Alias of the org file of the refreshed sandbox.'))
    .option(
      '--accept <change>',
      'Change to accept without a terminal: new-org-id, if the org is the refreshed sandbox.',
      repeatable,
    )
    .option('--no-verify', 'Skip the verification at the end.')
    .option('--token-command <command>', 'Command line that prints one identity token. Runs without a shell.')
    .option('--private-key <file>', 'Private key that signs the tokens.')
    .option('--subject <sub>', 'Subject (sub) of the tokens. Default: verification-check.')
    .option('--runs <folder>', 'Folder of the run journals, relative to the project.', '.runs');
  return excludesFlags(program, '--no-verify', '--token-command', '--private-key', '--subject');
}

main(postRefresh, module);
