import { main, addReportFlags, type CommandDef } from './lib/cli';
import { withCliWorkers } from './lib/rollout/cli-workers';
import { addVerifyFlags, type VerifyFlags } from './lib/verification/verify-flags';

export const verify: CommandDef<VerifyFlags> = {
  name: 'verify',
  summary: 'Proves that each org verifies its customers: a good token is accepted, every bad one is refused.',
  flags: (program) => addVerifyFlags(addReportFlags(program)),
  run: (context) =>
    withCliWorkers(context, async (hosts) => (await import('./lib/commands/verify')).runVerify(context, hosts)),
};

main(verify, module);
