import { main, addOrgFlags, addReportFlags, type CommandDef } from './lib/cli';
import { EXIT } from './lib/errors';
import { withCliWorkers } from './lib/rollout/cli-workers';
import { addVerifyFlags, type VerifyFlags } from './lib/verification/verify-flags';

export const verify: CommandDef<VerifyFlags> = {
  name: 'verify',
  summary: 'Test that each org accepts a valid identity token and rejects forged tokens.',
  examples: [
    ['Verify a sandbox with tokens signed by its key:', 'npm run verify -- --org uat --private-key ../uat.pem'],
    [
      'Verify production with a token of your token service:',
      'npm run verify -- --org prod --token-command "./issue-test-token" --require acceptance',
    ],
  ],
  exitCodes: [EXIT.done, EXIT.failed, EXIT.invalid, EXIT.unreachable],
  flags: (program) => addReportFlags(addVerifyFlags(addOrgFlags(program))),
  run: (context) =>
    withCliWorkers(context, async (workers) => (await import('./lib/commands/verify')).runVerify(context, workers)),
};

main(verify, module);
