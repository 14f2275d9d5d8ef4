import type { Command } from 'commander';
import { main, type CommandDef } from './lib/cli';
import type { LoginFlags } from './lib/pipeline';
import { withCliWorkers } from './lib/rollout/cli-workers';

export const login: CommandDef<LoginFlags> = {
  name: 'login',
  summary: 'Logs the CLI of a pipeline in to the orgs with a JWT, from SF_LOGINS and SF_JWT_KEY in the environment.',
  flags: (program: Command) =>
    program.requiredOption('--key-file <file>', 'where the private key is kept for this job; remove it at its end'),
  run: (context) =>
    withCliWorkers(context, async (hosts) => (await import('./lib/pipeline')).runLogin(context, hosts, process.env)),
};

main(login, module);
