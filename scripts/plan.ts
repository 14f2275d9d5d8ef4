import { main, type Context, type Verb } from './lib/cli';
import { EXIT, type ExitCode } from './lib/errors';
import type { Outcome } from './lib/model';
import { documentText, LEGEND, outcomesText, planSummary } from './lib/report';
import { planProject, withHosts } from './lib/run';
import type { HostPool } from './lib/sf';

/** Shows what a deploy would change in each org, and what that means for customers. */
export const plan: Verb = {
  name: 'plan',
  summary: 'Shows what would change in each org, and what it means for customers. Writes nothing.',
  run: (context) => withHosts((hosts) => runPlan(context, hosts)),
};

export async function runPlan(context: Context, hosts: HostPool): Promise<ExitCode> {
  const { page, show, document } = context;
  const { valid, fleet, findings } = await planProject(context, hosts, 'in full');
  const orgs = fleet.map(({ outcome }) => outcome);
  const exitCode = valid ? exitOf(orgs) : EXIT.invalid;
  if (valid) show(`${outcomesText(page, orgs)}\n\n${LEGEND}\n${planSummary(orgs)}`);
  document(documentText({ command: 'plan', exitCode, findings, orgs }));
  return exitCode;
}

/** A failed org outweighs an unreachable one, and that outweighs changes. */
export function exitOf(orgs: readonly Outcome[]): ExitCode {
  const results = new Set(orgs.map(({ outcome }) => outcome));
  if (results.has('failed') || results.has('unknown')) return EXIT.failed;
  if (results.has('unreachable')) return EXIT.unreachable;
  return results.has('planned') ? EXIT.changes : EXIT.done;
}

main(plan, module);
