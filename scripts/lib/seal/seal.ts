import { writeXml } from '../metadata';
import type { Change, Fault, OrgConfig, OrgKind, State, Way } from '../model';
import type { Document, OrgDocument, StateDocument } from './document';
import { sha256, withDigest } from './digest';

/** One org of a sealed plan: the exact way it goes, and the changes that were shown. */
export interface SealedOrg {
  readonly org: Pick<OrgConfig, 'alias' | 'orgId' | 'kind' | 'wave' | 'file' | 'scrt2URL'>;
  readonly changes: readonly Change[];
  readonly way: Way;
}

/** An org that could not be planned, and why. */
export interface LeftOut {
  readonly alias: string;
  readonly orgId: string;
  readonly kind: OrgKind;
  readonly wave: number;
  readonly error: Fault;
}

/** A sealed plan, or the snapshot of one org. */
export interface Sealed {
  readonly what: Document['what'];
  readonly made: Date;
  readonly apiVersion: string;
  readonly orgs: readonly SealedOrg[];
  readonly without: readonly LeftOut[];
}

/** The text of the file: changes and what they mean first, then what is sent, then what it was made from, then the digest. */
export function sealedText({ what, made, apiVersion, orgs, without }: Sealed, tool: string): string {
  const document: Document = {
    ...{ what, version: 1, made: made.toISOString(), tool, apiVersion },
    orgs: orgs.map(orgDocument),
    without: without.map((each) => ({ ...each, error: { ...each.error } })),
  };
  return withDigest(document);
}

function orgDocument({ org, changes, way }: SealedOrg): OrgDocument {
  const { alias, orgId, kind, wave, file, scrt2URL } = org;
  const from = stateDocument(way.from);
  return {
    ...{ alias, orgId, kind, wave, file, ...(scrt2URL !== undefined && { scrt2URL }) },
    changes: changes.map((change) => ({ ...change })),
    to: stateDocument(way.to),
    publish: [...way.publish],
    from,
    fingerprint: fingerprintOf(from),
  };
}

/** Names the state of an org that a plan was made from, in short. */
export const fingerprintOf = (from: StateDocument): string => sha256(JSON.stringify(from)).slice(0, 16);

const stateDocument = ({ sent, channels, components }: State): StateDocument => ({
  sent,
  channels: Object.fromEntries(channels),
  components: Object.fromEntries(
    [...components].map(([key, component]) => [key, component && writeXml(component.root).split('\n')]),
  ),
});
