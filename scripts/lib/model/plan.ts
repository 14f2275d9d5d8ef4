import type { ExperienceSite } from './experience-sites';
import type { ComponentKey, ComponentMap } from './component';
import type { Finding } from './finding';
import type { OrgConfig, OrgFacts, OrgKind } from './org';
import type { SignerRecord } from './signer';
import type { UndeclaredTrust } from './trust-grants';

/** Impact on customers who are chatting now: none, visible (they may notice), or disruptive (interrupts chats). */
export type Impact = 'none' | 'visible' | 'disruptive';

/** The impact of a change, with its description. */
export interface ImpactAssessment {
  readonly impact: Impact;
  /** Full sentences, or empty. */
  readonly effect: string;
}

/** One setting that differs between the live state and the target state. */
export interface Difference {
  readonly component: ComponentKey;
  readonly action: 'create' | 'update' | 'delete';
  /** Dotted path; items of a keyed list as `messagingAuthorizations[Customer]`; empty for a whole component. */
  readonly path: string;
  readonly from: string | null;
  readonly to: string | null;
}

/** A difference with its impact on customers. */
export interface Change extends Difference, ImpactAssessment {}

/** The live state of one org at one moment. */
export interface LiveState {
  readonly facts: OrgFacts;
  readonly components: ComponentMap;
  /** Whether each Enhanced Chat channel is active, with its record ID, by developer name. */
  readonly channels: ReadonlyMap<string, { readonly id: string; readonly active: boolean }>;
  /** The signer records of an org with a member site. */
  readonly signerRecords?: readonly SignerRecord[];
  /** The certificate that signs tokens of site members, as PEM; undefined if the org doesn't have it, or no member site. */
  readonly signerCertificate?: string;
  /** Whether the private key of that certificate can be exported. */
  readonly hasExportableKey?: boolean;
  /** The Experience Cloud sites of an org with a member site; undefined if they can't be read. */
  readonly sites?: readonly ExperienceSite[];
}

/** All changes of one org, and the steps that apply them. */
export interface Plan {
  readonly org: OrgConfig;
  readonly facts: OrgFacts;
  readonly changes: readonly Change[];
  /** The trust in the org that the desired state doesn't declare. The changes revoke it. */
  readonly undeclaredTrust: readonly UndeclaredTrust[];
  /** The components to deploy: live components with declared values merged into them. */
  readonly toDeploy: ComponentMap;
  /** Components to delete: by a rollback, or because the org file lists them under "retired". */
  readonly toDelete: readonly ComponentKey[];
  /** Developer names of the channels to deactivate before the deploy: in a rollback, or because they are retired. */
  readonly deactivate: readonly string[];
  /** Developer names of the channels to activate. */
  readonly activate: readonly string[];
  /** Developer names of the chat deployments to publish. */
  readonly publish: readonly string[];
  /** Names of the Apex test classes that the deploy job runs. Default: none, as Salesforce does in a sandbox. */
  readonly tests?: readonly string[];
}

/** The status of one org after a command. */
export type OrgStatus = 'unchanged' | 'planned' | 'changed' | 'failed' | 'skipped' | 'unreachable' | 'unknown';

/** An error as data: a stable code, what happened, why, and the fix. */
export interface ErrorDetails {
  readonly code: string;
  readonly what: string;
  readonly why: string;
  readonly fix: string;
}

/** The result of one check of an org, e.g. of its permissions. */
export interface Check {
  readonly name: string;
  /** Whether the check passed. An inconclusive check is not ok. */
  readonly ok: boolean;
  readonly detail: string;
  /** Distinguishes a failed check from an inconclusive one. Absent if a check is never inconclusive. */
  readonly state?: CheckState;
  /** For a verification check: its check group, e.g. `rejection`, and its channel. */
  readonly part?: string;
  readonly channel?: string;
  /** For a check with tokens: the chat deployment that they were sent to. */
  readonly chatDeployment?: string;
  /** What accepts that the check failed: `--tolerate`, or the evidence files. Its state is then passed. */
  readonly tolerated?: string;
}

export type CheckState = 'passed' | 'failed' | 'inconclusive';

/** The result of one org. */
export interface OrgResult {
  readonly alias: string;
  readonly orgId: string;
  readonly kind: OrgKind;
  readonly wave: number;
  readonly status: OrgStatus;
  readonly changes: readonly Change[];
  readonly deployIds: readonly string[];
  readonly checks: readonly Check[];
  /** The scope of the verification; absent if the org wasn't verified. */
  readonly verified?: VerificationScope;
  readonly error?: ErrorDetails;
  /** Findings in source that are the reason of the error, such as failed Apex tests. */
  readonly findings?: readonly Finding[];
}

/** How many channels and chat deployments a verification covered. */
export interface VerificationScope {
  readonly verifiedChannels: number;
  readonly unverifiedChannels: number;
  /** Channels that the org file declares inactive. Nobody can chat on them, so no token was sent. */
  readonly inactiveChannels: number;
  readonly chatDeployments: number;
  /** What the org uses and source doesn't manage, if there is any: nothing about these components was checked. */
  readonly unmanaged?: readonly ComponentKey[];
  /** When the trust of the org was read first and last, as ISO 8601. Changes outside this time aren't covered. */
  readonly readFrom?: string;
  readonly readTo?: string;
}

/** The name of the check that fails while an org trusts what its desired state doesn't declare. */
export const TRUST_CHECK = 'trust';

/** The name of the check that says whether a rollback restores undeclared trust. */
export const RESTORED_TRUST_CHECK = 'undeclared trust';

/** The name of the check that lists removed list items that Salesforce kept. */
export const KEPT_ITEMS_CHECK = 'kept list items';

export const isDisruptive = (change: Change): boolean => change.impact === 'disruptive';
