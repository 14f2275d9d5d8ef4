import { main, addOrgFlags, addReportFlags, type CommandDef, type Context } from './lib/cli';
import type { RunMonitorFlags } from './lib/commands/monitor';
import { EXIT } from './lib/errors';
import { addMonitorFlags } from './lib/monitor/flags';
import { withCliWorkers } from './lib/rollout/cli-workers';
import { addVerifyFlags } from './lib/verification/verify-flags';

export const monitor: CommandDef<RunMonitorFlags> = {
  name: 'monitor',
  summary:
    'Check that users are verified now: verification, drift, certificates, incomplete runs, and chats of each org.',
  examples: [
    ['Check all orgs and the chats of the last 24 hours:', 'npm run monitor -- --token-command "./issue-test-token"'],
    [
      'Check production each hour, and keep the results for a trend:',
      'npm run monitor -- --org prod --since 2h --min-verified 95 --history monitor-history --html monitor.html',
    ],
  ],
  exitCodes: [EXIT.done, EXIT.failed, EXIT.changes, EXIT.invalid, EXIT.unreachable],
  flags: (program) => addReportFlags(addVerifyFlags(addMonitorFlags(addOrgFlags(program)))),
  run: (context) =>
    withCliWorkers(context, async (workers) =>
      (await import('./lib/commands/monitor')).runMonitor(withTokenCommand(context), workers),
    ),
};

/** A pipeline passes a secret command in a variable. It is empty if the secret isn't set. */
function withTokenCommand(context: Context<RunMonitorFlags>): Context<RunMonitorFlags> {
  const tokenCommand = context.flags.tokenCommand ?? (process.env['TOKEN_COMMAND'] || undefined);
  return tokenCommand === undefined ? context : { ...context, flags: { ...context.flags, tokenCommand } };
}

main(monitor, module);
