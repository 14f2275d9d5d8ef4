import type { Element, Origin } from './element';
import type { ComponentKey, ComponentMap, SignerKey } from './component';
import type { CompromisedKey } from './compromised-key';
import type { Transition } from './transition';
import type { UndeclaredTrust } from './trust-grants';

/** Kind of an org. An org of unknown kind counts as production. */
export const ORG_KINDS = ['production', 'sandbox', 'scratch', 'developer'] as const;
export type OrgKind = (typeof ORG_KINDS)[number];

/** A validated org file. */
export interface OrgConfig {
  /** The alias of the login, equal to the file name. */
  readonly alias: string;
  readonly file: string;
  /** 18 characters. */
  readonly orgId: string;
  readonly kind: OrgKind;
  readonly wave: number;
  /** Developer names of the channels. Referenced components are included automatically. */
  readonly channels: readonly string[];
  /** SCRT2 URL of the org (host of the Enhanced Chat API). Default: derived from the My Domain URL. */
  readonly scrt2URL?: string;
  /** Channels that a deploy doesn't activate. */
  readonly inactive: readonly string[];
  /** Components that nothing references, e.g. `CorsWhitelistOrigin:Shop`. */
  readonly include: readonly ComponentKey[];
  /** Origins of the pages with chat, e.g. `https://shop.example.com`: CORS allowed origins and Trusted URLs of the org. */
  readonly sites: readonly string[];
  /** Components that the org has and source lacks, e.g. `Queue:Service_Agents`. */
  readonly existing: readonly string[];
  /** Trust that the org has in addition to what source declares. */
  readonly alsoTrusted: readonly AcceptedTrust[];
  /** The keys that each JWKS endpoint may serve, as RFC 7638 thumbprints by keyset. Other endpoints may serve any key. */
  readonly endpointKeys?: Readonly<Record<string, readonly string[]>>;
  /** Rules whose findings the team accepts in this org. */
  readonly accept: readonly AcceptedRule[];
  /** Channels, keysets, keys, and chat deployments that the org no longer uses, e.g. `MessagingChannel:Old`. */
  readonly retired: readonly ComponentKey[];
  /** The member site, if the org receives it. */
  readonly memberSite?: MemberSite;
  /** Values that differ in this org, by component. */
  readonly overrides: ReadonlyMap<ComponentKey, Override>;
  /** File and line of each value by dotted path, e.g. `channels.0`. A shared value is in another file than the org. */
  readonly origins: ReadonlyMap<string, Origin>;
}

/** The parts of an org file that names only its org. */
export const EMPTY_ORG_SETTINGS: Pick<
  OrgConfig,
  | 'channels'
  | 'inactive'
  | 'sites'
  | 'include'
  | 'existing'
  | 'alsoTrusted'
  | 'accept'
  | 'retired'
  | 'overrides'
  | 'origins'
> = {
  channels: [],
  inactive: [],
  sites: [],
  include: [],
  existing: [],
  alsoTrusted: [],
  accept: [],
  retired: [],
  overrides: new Map(),
  origins: new Map(),
};

/** File and line of a value of an org file. */
export const originIn = ({ file, origins }: Pick<OrgConfig, 'file' | 'origins'>, path: string): Origin =>
  origins.get(path) ?? { file, line: 1 };

/** The member site of an org: site members get identity tokens that Apex signs with a certificate of the org. */
export interface MemberSite {
  /** Developer name of the key that verifies the tokens. Its private key is that of the certificate. */
  readonly key: string;
  /** Unique name of the certificate in Setup, Certificate and Key Management. */
  readonly certificate: string;
  /** The User field that is the subject of a token. Default: the one in source. */
  readonly subjectField?: string;
  /** Whether a deploy runs the Apex tests of the member site. Default: only in production, where Salesforce requires it. */
  readonly runTests?: boolean;
}

/** Trust that a team accepts although source doesn't declare it. */
export interface AcceptedTrust {
  /** A key, a keyset, a channel, or what signs with a certificate of the org, e.g. `PublicKeyCertificate:Legacy`. */
  readonly component: SignerKey;
  /** What is accepted there: RFC 7638 thumbprints of uploaded keys, URLs of JWKS endpoints, and fingerprints of signers. */
  readonly keys: readonly string[];
  /** The issuers whose tokens are accepted, for a keyset or channel. Default: any issuer. */
  readonly issuers?: readonly string[];
  readonly reason: string;
  /** The last day (UTC) of the acceptance, as `2027-06-30`. Default: no end. */
  readonly until?: string;
}

/** The reason that an import writes. Until it's replaced, `check` warns that no person accepted the trust. */
export const UNREVIEWED_REASON = 'Imported and not reviewed. Replace this text with the reason.';

/** A rule whose findings a team accepts: its errors, if they are policy, become warnings, and its warnings become notes. */
export interface AcceptedRule {
  readonly rule: string;
  readonly reason: string;
  /** The last day (UTC) of the acceptance, as `2027-06-30`. Default: no end. */
  readonly until?: string;
}

/** Declared elements of one component, and the dotted paths of the elements to remove from the desired state. */
export interface Override {
  readonly root: Element;
  readonly removed: readonly string[];
}

/** Facts that the org itself reports. */
export interface OrgFacts {
  readonly orgId: string;
  readonly kind: OrgKind;
  readonly name: string;
  readonly missingPermissions: readonly string[];
}

/** The desired state of one org: its channels and their referenced components, with its overrides applied. */
export interface DesiredState {
  readonly org: OrgConfig;
  readonly components: ComponentMap;
  /** The keys that the org must not trust, under any name. A plan revokes them. */
  readonly compromised: readonly CompromisedKey[];
  /** The exact transition of a saved plan or a snapshot. If present, it replaces the comparison with the live state. */
  readonly transition?: Transition;
  /** For a rollback: what it restores only if the user accepts it. */
  readonly restored?: RestoredTrust;
}

/** Undeclared trust that a rollback restores if the user accepts it. */
export interface RestoredTrust {
  readonly accepted: boolean;
  /** The settings, as component and path. Empty if source declared everything that the rollback restores. */
  readonly kept: readonly string[];
  readonly trust: readonly UndeclaredTrust[];
  /** When the run before recorded what source declared; undefined if no run did. */
  readonly recordedAt?: Date;
}
