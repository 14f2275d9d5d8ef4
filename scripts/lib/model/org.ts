import type { Element } from './element';
import type { ComponentKey, ComponentMap } from './component';
import type { Transition } from './transition';

/** What an org is. Everything that is not one of the other three counts as production. */
export const ORG_KINDS = ['production', 'sandbox', 'scratch', 'developer'] as const;
export type OrgKind = (typeof ORG_KINDS)[number];

/** One file of config/orgs, checked. */
export interface OrgConfig {
  /** The alias of the login, equal to the file name. */
  readonly alias: string;
  readonly file: string;
  /** 18 characters. */
  readonly orgId: string;
  readonly kind: OrgKind;
  readonly wave: number;
  /** Developer names of the channels; what they reference follows. */
  readonly channels: readonly string[];
  /** Where the messaging runtime answers, when it is not where My Domain says. */
  readonly scrt2URL?: string;
  /** Channels that are not to be activated. */
  readonly inactive: readonly string[];
  /** Components that nothing references, e.g. `CorsWhitelistOrigin:Shop`. */
  readonly include: readonly ComponentKey[];
  /** Names that are in the org but not in the source, e.g. `Queue:Service_Agents`. */
  readonly existing: readonly string[];
  /** What differs in this org. A value of null removes the element. */
  readonly overrides: ReadonlyMap<ComponentKey, Override>;
  /** Where each field stands, by dotted path, e.g. `channels.0`. */
  readonly lines: ReadonlyMap<string, number>;
}

/** Stated elements of one component, and the dotted paths of the elements to remove. */
export interface Override {
  readonly root: Element;
  readonly removed: readonly string[];
}

/** What an org says of itself. */
export interface OrgFacts {
  readonly orgId: string;
  readonly kind: OrgKind;
  readonly name: string;
  readonly missingPermissions: readonly string[];
}

/** What one org should hold: its channels and what they reference, with its overrides applied. */
export interface DesiredState {
  readonly org: OrgConfig;
  readonly components: ComponentMap;
  /** Stated where the components come from a sealed plan or a snapshot; then it alone decides. */
  readonly transition?: Transition;
}
