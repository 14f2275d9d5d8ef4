import { main, type Verb } from './lib/cli';
import { withHosts } from './lib/run/hosts';

export const plan: Verb = {
  name: 'plan',
  summary: 'Shows what would change in each org, and what it means for customers. Writes nothing.',
  run: (context) => withHosts(context, async (hosts) => (await import('./lib/run')).runPlan(context, hosts)),
};

main(plan, module);
