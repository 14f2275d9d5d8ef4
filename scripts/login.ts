import type { Command } from 'commander';
import { main, addOrgFlags, type CommandDef } from './lib/cli';
import { EXIT } from './lib/errors';
import type { LoginFlags } from './lib/pipeline';
import { withCliWorkers } from './lib/rollout/cli-workers';

export const login: CommandDef<LoginFlags> = {
  name: 'login',
  summary: 'Log the Salesforce CLI of a pipeline in to the orgs with the SF_LOGINS and SF_JWT_KEY variables.',
  examples: [
    ['Log in to every org:', 'npm run login -- --key-file "$RUNNER_TEMP/jwt.key"'],
    ['Log in to the orgs of one job:', 'npm run login -- --key-file "$RUNNER_TEMP/jwt.key" --org dev --org uat'],
  ],
  exitCodes: [EXIT.done, EXIT.failed, EXIT.invalid, EXIT.unreachable],
  flags: (program: Command) =>
    addOrgFlags(program).requiredOption(
      '--key-file <file>',
      '(required) File for the private key of this job. Delete it at the end of the job.',
    ),
  run: (context) =>
    withCliWorkers(context, async (workers) =>
      (await import('./lib/pipeline')).runLogin(context, workers, process.env),
    ),
};

main(login, module);
