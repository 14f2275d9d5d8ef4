import { writeXml } from '../metadata';
import type { Change, ErrorDetails, OrgConfig, OrgKind, OrgState, Transition } from '../model';
import type { PlanFileJson, PlanFileOrgJson, OrgStateJson } from './plan-file-json';
import { sha256, withDigest } from './digest';

/** One org of a sealed plan: the exact way it goes, and the changes that were shown. */
export interface PlanFileOrg {
  readonly org: Pick<OrgConfig, 'alias' | 'orgId' | 'kind' | 'wave' | 'file' | 'scrt2URL'>;
  readonly changes: readonly Change[];
  readonly transition: Transition;
}

/** An org that could not be planned, and why. */
export interface UnplannedOrg {
  readonly alias: string;
  readonly orgId: string;
  readonly kind: OrgKind;
  readonly wave: number;
  readonly error: ErrorDetails;
}

/** A sealed plan, or the snapshot of one org. */
export interface PlanFile {
  readonly kind: PlanFileJson['kind'];
  readonly createdAt: Date;
  readonly apiVersion: string;
  readonly orgs: readonly PlanFileOrg[];
  readonly unplanned: readonly UnplannedOrg[];
}

/** The text of the file: changes and what they mean first, then what is sent, then what it was made from, then the digest. */
export function serializePlanFile({ kind, createdAt, apiVersion, orgs, unplanned }: PlanFile, tool: string): string {
  const document: PlanFileJson = {
    ...{ kind, version: 1, createdAt: createdAt.toISOString(), tool, apiVersion },
    orgs: orgs.map(toOrgJson),
    unplanned: unplanned.map((each) => ({ ...each, error: { ...each.error } })),
  };
  return withDigest(document);
}

function toOrgJson({ org, changes, transition }: PlanFileOrg): PlanFileOrgJson {
  const { alias, orgId, kind, wave, file, scrt2URL } = org;
  const from = toStateJson(transition.from);
  return {
    ...{ alias, orgId, kind, wave, file, ...(scrt2URL !== undefined && { scrt2URL }) },
    changes: changes.map((change) => ({ ...change })),
    to: toStateJson(transition.to),
    publish: [...transition.publish],
    from,
    fingerprint: stateFingerprint(from),
  };
}

/** Names the state of an org that a plan was made from, in short. */
export const stateFingerprint = (from: OrgStateJson): string => sha256(JSON.stringify(from)).slice(0, 16);

const toStateJson = ({ partial, channels, components }: OrgState): OrgStateJson => ({
  partial,
  channels: Object.fromEntries(channels),
  components: Object.fromEntries(
    [...components].map(([key, component]) => [key, component && writeXml(component.root).split('\n')]),
  ),
});
