import type { Context } from '../cli';
import type { ExitCode } from '../errors';
import { readProjectFile } from '../project';
import { Sf, type CliWorkerPool } from '../sf';
import type { SetupFlags } from './flags';
import { thisMachine } from './machine';
import { setUpOrg } from './setup';

export { runDoctor } from './doctor';

/** Sets up one org, and ends with its plan. */
export async function runSetup(context: Context<SetupFlags>, workers: CliWorkerPool): Promise<ExitCode> {
  readProjectFile(context.flags.project);
  return setUpOrg(context, {
    sf: new Sf(workers, '67.0'),
    machine: thisMachine,
    plan: async (planContext) => (await import('../commands/plan')).runPlan(planContext, workers),
  });
}
