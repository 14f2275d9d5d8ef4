import { trackProgress, type Context } from '../cli';
import { planFleet, type PlannedOrg, type PlanOptions } from './plan-fleet';
import type { DesiredState } from '../model';
import type { Sf } from '../sf';

/** Plans the orgs of a fleet with a progress display. `purpose` starts its first line. */
export const planWithProgress = (
  context: Context,
  sf: Sf,
  orgs: readonly DesiredState[],
  planOptions: Omit<PlanOptions, 'onResult'>,
  purpose: string,
): Promise<readonly PlannedOrg[]> =>
  trackProgress(
    context,
    {
      activity: 'Reading',
      firstStep: 'reading',
      ignoreWaves: true,
      orgs: orgs.map(({ org }) => org),
      startLine: `${purpose} ${orgs.map(({ org }) => org.alias).join(', ')} ...`,
    },
    (board) => planFleet(sf, orgs, { ...planOptions, onResult: ({ alias, status }) => board.onResult(alias, status) }),
  );
