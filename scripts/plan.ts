import type { Command } from 'commander';
import { main, reportFlags, type Verb } from './lib/cli';
import { withHosts } from './lib/run/hosts';
import type { PlanFlags } from './lib/run/plan';

export const plan: Verb<PlanFlags> = {
  name: 'plan',
  summary: 'Shows what would change in each org, and what it means for customers. Writes nothing.',
  flags: (program: Command) =>
    reportFlags(program).option(
      '--out <file>',
      'also write the plan there, sealed: deploy --plan applies exactly that',
    ),
  run: (context) => withHosts(context, async (hosts) => (await import('./lib/run')).runPlan(context, hosts)),
};

main(plan, module);
