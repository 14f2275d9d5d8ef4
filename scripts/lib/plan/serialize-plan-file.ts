import { writeXml } from '../metadata';
import type {
  AcceptedTrust,
  Change,
  Component,
  ErrorDetails,
  OrgConfig,
  OrgKind,
  OrgState,
  Transition,
  TrustRecord,
} from '../model';
import type { PlanFileJson, PlanFileOrgJson, OrgStateJson, TrustFileJson, TrustRecordJson } from './plan-file-json';
import { sha256, withDigest } from './digest';

/** One org of a saved plan: its exact transition, and the changes that the user saw. */
export interface PlanFileOrg {
  readonly org: Pick<OrgConfig, 'alias' | 'orgId' | 'kind' | 'wave' | 'file' | 'scrt2URL'> &
    Partial<Pick<OrgConfig, 'channels' | 'alsoTrusted'>>;
  readonly changes: readonly Change[];
  readonly transition: Transition;
}

/** An org that couldn't be planned, with the error. */
export interface UnplannedOrg {
  readonly alias: string;
  readonly orgId: string;
  readonly kind: OrgKind;
  readonly wave: number;
  readonly error: ErrorDetails;
}

/** A saved plan, or the snapshot of one org. */
export interface PlanFile {
  readonly kind: PlanFileJson['kind'];
  readonly createdAt: Date;
  readonly apiVersion: string;
  readonly orgs: readonly PlanFileOrg[];
  readonly unplanned: readonly UnplannedOrg[];
}

/** The text of the file: changes and impact first, then the files to deploy, then the live state, then the digest. */
export function serializePlanFile({ kind, createdAt, apiVersion, orgs, unplanned }: PlanFile, tool: string): string {
  const document: PlanFileJson = {
    kind,
    version: 1,
    createdAt: createdAt.toISOString(),
    tool,
    apiVersion,
    orgs: orgs.map(toOrgJson),
    unplanned: unplanned.map((each) => ({ ...each, error: { ...each.error } })),
  };
  return withDigest(document);
}

const toAcceptedJson = ({ keys, issuers, ...trust }: AcceptedTrust) => ({
  ...trust,
  keys: [...keys],
  ...(issuers && { issuers: [...issuers] }),
});

function toOrgJson({ org, changes, transition }: PlanFileOrg): PlanFileOrgJson {
  const { alias, orgId, kind, wave, file, scrt2URL, channels = [], alsoTrusted = [] } = org;
  const from = toStateJson(transition.from);
  return {
    alias,
    orgId,
    kind,
    wave,
    file,
    ...(scrt2URL !== undefined && { scrt2URL }),
    ...(channels.length > 0 && { channels: [...channels] }),
    ...(alsoTrusted.length > 0 && { alsoTrusted: alsoTrusted.map(toAcceptedJson) }),
    changes: changes.map((change) => ({ ...change })),
    to: toStateJson(transition.to),
    publish: [...transition.publish],
    ...(transition.trustBefore && { trustBefore: toTrustJson(transition.trustBefore) }),
    tests: [...(transition.tests ?? [])],
    from,
    fingerprint: stateFingerprint(from),
  };
}

/** A short fingerprint of the org state that a plan was computed from. */
export const stateFingerprint = (from: OrgStateJson): string => sha256(JSON.stringify(from)).slice(0, 16);

/** The text of the file that contains the trust of an org at the end of a run. */
export function serializeTrustRecord(orgId: string, record: TrustRecord): string {
  const document: TrustFileJson = { kind: 'trust', version: 1, orgId, ...toTrustJson(record) };
  return withDigest(document);
}

const toTrustJson = ({ recordedAt, channels, components }: TrustRecord): TrustRecordJson => ({
  recordedAt: recordedAt.toISOString(),
  channels: Object.fromEntries(channels),
  components: Object.fromEntries([...components].map(([key, component]) => [key, linesOf(component)])),
});

const linesOf = ({ root }: Component): string[] => writeXml(root).split('\n');

const toStateJson = ({ partial, channels, components }: OrgState): OrgStateJson => ({
  partial,
  channels: Object.fromEntries(channels),
  components: Object.fromEntries([...components].map(([key, component]) => [key, component && linesOf(component)])),
});
