import pLimit from 'p-limit';
import type { Context } from '../cli';
import { componentsOf, keyOf, type DesiredState } from '../model';
import { hasChangedOrg, readDeployRequests, type DeployRequest } from '../org';
import { runsFlag, runsFolderOf } from './incomplete-runs';
import type { PlannedFleet } from './planned-fleet';
import type { PlannedOrg } from './plan-fleet';
import { readRuns, type JournaledRun } from './read-journal';
import { findRemainingWork } from './remaining-work';

/** How many orgs are asked for their deploy jobs at the same time. */
const MAX_QUERIES = 10;

/**
 * The chat deployments among `names` that may not be published as the org has them. No field in Salesforce tells when a chat
 * deployment was published (sf-skills: service-digital-engagement-deployment-configure), so only a journal can tell: it contains
 * the deploy jobs that the org listed at each publication. A job that isn't among them, such as one of another machine, can have
 * changed a chat deployment since. `jobs` are the jobs that the org lists now; null if it lists none, so that nothing is known.
 */
export function findUnpublished(
  runs: readonly JournaledRun[],
  orgId: string,
  names: readonly string[],
  jobs: readonly DeployRequest[] | null,
): readonly string[] {
  if (jobs === null) return names;
  const changes = jobs.filter(hasChangedOrg);
  const publications = runs.flatMap(({ orgs }) =>
    orgs.flatMap((org) => (org.orgId === orgId ? [org.publications] : [])),
  );
  const isPublished = (name: string): boolean =>
    publications.some((each) => changes.every(({ id }) => each.get(name)?.includes(id)) && each.has(name));
  return names.filter((name) => !isPublished(name));
}

/** The chat deployments whose publication belongs to the desired state of an org: declared ones, or those of a transition. */
export const deploymentsOf = ({
  transition,
  components,
}: Pick<DesiredState, 'transition' | 'components'>): readonly string[] =>
  transition?.publish ?? componentsOf(components, 'EmbeddedServiceConfig').map(({ fullName }) => fullName);

/** Chat deployments that are published although no change of the plan requires it, by alias. */
export interface Republications {
  /** Earlier runs left them. */
  readonly left: ReadonlyMap<string, readonly string[]>;
  /** It's unknown whether they are published as the org has them. */
  readonly unknown: ReadonlyMap<string, readonly string[]>;
}

/** Finds the chat deployments of a fleet that have to be published again. Reads the deploy jobs of the orgs. */
export async function findRepublications(
  context: Pick<Context<{ readonly runs?: string }>, 'flags'>,
  { sf, fleet }: Pick<PlannedFleet, 'sf' | 'fleet'>,
): Promise<Republications> {
  const { runs } = readRuns(runsFolderOf(context));
  const left = new Map(fleet.map((planned) => [aliasOf(planned), publishesLeftIn(runs, planned)] as const));
  const unknown = await pLimit(MAX_QUERIES).map(fleet, async (planned) => {
    const { org } = planned.desired;
    const excluded = new Set([...publishesOf(planned), ...(left.get(org.alias) ?? [])]);
    const names = planned.plan ? deploymentsOf(planned.desired).filter((name) => !excluded.has(name)) : [];
    // Without a journal nothing is known, whatever the org lists.
    const candidates = findUnpublished(runs, org.orgId, names, []);
    const jobs =
      candidates.length === names.length ? null : await readDeployRequests(sf, org.alias).catch(() => undefined);
    return [org.alias, findUnpublished(runs, org.orgId, names, jobs ?? null)] as const;
  });
  return { left, unknown: new Map(unknown) };
}

/** The chat deployments that a plan publishes. A saved plan that is already applied publishes nothing by itself. */
const publishesOf = ({ plan }: Pick<PlannedOrg, 'plan'>): readonly string[] =>
  plan && plan.changes.length > 0 ? plan.publish : [];

const aliasOf = ({ desired }: PlannedOrg): string => desired.org.alias;

/** The chat deployments that earlier runs of any command left to publish in an org besides its plan, if the org still has them afterwards. */
function publishesLeftIn(runs: readonly JournaledRun[], { desired, plan, live }: PlannedOrg): readonly string[] {
  if (!plan || !live) return [];
  const work = findRemainingWork(runs).filter(({ org }) => org.orgId === desired.org.orgId);
  const exists = (name: string): boolean => {
    const key = keyOf({ type: 'EmbeddedServiceConfig', fullName: name });
    return (live.components.has(key) || plan.toDeploy.has(key)) && !plan.toDelete.includes(key);
  };
  const planned = publishesOf({ plan });
  return [...new Set(work.flatMap(({ publishes }) => publishes))].filter(
    (name) => exists(name) && !planned.includes(name),
  );
}

/** Says which chat deployments are published although the plan doesn't contain them, and why. Undefined if there are none. */
export function republicationsText(
  flags: Parameters<typeof runsFlag>[0],
  { left, unknown }: Republications,
  command: 'run' | 'plan' = 'run',
): string | undefined {
  const subject = command === 'run' ? 'This run' : 'A deploy';
  const lines = [
    ...listOf(left).map((list) => `${subject} also publishes ${list}, which an earlier run left.`),
    ...listOf(unknown).map(
      (list) =>
        `${subject} also publishes ${list}: no journal in ${runsFlag(flags)} shows that this was done after the last deploy job, and no field in Salesforce does.`,
    ),
  ];
  return lines.length > 0 ? lines.join('\n') : undefined;
}

/** `Web_Chat, Mobile_Chat (dev, uat)` for each group of orgs with the same names, as one text. */
function listOf(publications: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const groups = new Map<string, string[]>();
  for (const [alias, names] of publications)
    if (names.length > 0) groups.set(names.join(', '), [...(groups.get(names.join(', ')) ?? []), alias]);
  const list = [...groups].map(([names, aliases]) => `${names} (${aliases.join(', ')})`).join('; ');
  return list === '' ? [] : [list];
}
