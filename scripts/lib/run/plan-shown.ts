import { follow, type Context } from '../cli';
import { planFleet, type Planned, type Planning } from '../fleet';
import type { Desired } from '../model';
import type { Sf } from '../sf';

/** Plans every org of a fleet and shows how far that is; `told` is what the reading is for. */
export const planShown = (
  context: Context,
  sf: Sf,
  orgs: readonly Desired[],
  planning: Omit<Planning, 'done'>,
  told: string,
): Promise<readonly Planned[]> =>
  follow(
    context,
    {
      ...{ verb: 'Reading', first: 'reading', atOnce: true, orgs: orgs.map(({ org }) => org) },
      told: `${told} ${orgs.map(({ org }) => org.alias).join(', ')} ...`,
    },
    (board) => planFleet(sf, orgs, { ...planning, done: ({ alias, outcome }) => board.done(alias, outcome) }),
  );
