import type { KeyObject } from 'node:crypto';
import type { ChatApiSettings } from './chat-api-settings';

export type OrgKind = 'production' | 'sandbox';

/** What can be given server time of its own. */
export const TIMED_WORK = ['deploy', 'retrieve', 'query', 'update', 'publish', 'token', 'exchange'] as const;
export type TimedWork = (typeof TIMED_WORK)[number];

/** Milliseconds of server time for each kind of work. */
export type Latency = Partial<Record<TimedWork, number>>;

/** Permissions of the one admin user, named as in UserPermissionAccess without the leading "Permissions". */
export type AdminPermission = 'CustomizeApplication' | 'ConfigureLiveMessage' | 'ViewSetup';

/** Metadata that is already in the org. It does not pass through the rules: Salesforce may hold older shapes, too. */
export interface SeedFile {
  /** in metadata format, such as messagingChannels/Web_Chat.messagingChannel */
  readonly path: string;
  readonly content: string;
  /** whether the channel is active; channels only */
  readonly active?: boolean;
  /** whether the deployment is published; deployments only */
  readonly published?: boolean;
}

export interface LocalOrgOptions {
  readonly alias: string;
  readonly kind: OrgKind;
  /** 18 characters; default: an id that is the same for the same alias. A refreshed sandbox has another one. */
  readonly orgId?: string;
  /** 0 takes any free port */
  readonly port: number;
  /** JSON, written atomically; without it the state lives in memory only */
  readonly stateFile?: string;
  readonly latency?: Latency;
  /** how the messaging runtime behaves where Salesforce documents nothing; default: strictly */
  readonly chatApi?: Partial<ChatApiSettings>;
  /** public key that verifies the JWT bearer assertions: PEM or KeyObject */
  readonly loginKey: KeyObject | string;
  /** default: all of them */
  readonly permissions?: Partial<Record<AdminPermission, boolean>>;
  readonly seed?: readonly SeedFile[];
  /** what goes wrong, as parseFaults reads it, such as deploy.submit:no-response */
  readonly faults?: string;
  readonly now?: () => Date;
}

export type OrgEventKind =
  | 'login'
  | 'query'
  | 'update'
  | 'publish'
  | 'deploy'
  | 'validate'
  | 'cancel'
  | 'retrieve'
  | 'list'
  | 'edit'
  | 'fault'
  | 'exchange'
  | 'revoke';

/**
 * Something that happened in the org. A dry run is "validate", never "deploy". An "exchange" tells the subject that was
 * granted, or why none was: never a token.
 */
export interface OrgEvent {
  readonly kind: OrgEventKind;
  readonly at: string;
  readonly detail: Readonly<Record<string, string | number | boolean>>;
}

export interface LocalOrg {
  readonly alias: string;
  readonly kind: OrgKind;
  /** 18 characters, the same for the same alias */
  readonly orgId: string;
  readonly url: string;
  readonly port: number;
  readonly username: string;
  readonly clientId: string;
  /** for the refresh_token grant; survives a restart when there is a state file */
  readonly refreshToken: string;
  /** what happened, in order */
  readonly log: readonly OrgEvent[];
  /** metadata as the org holds it now: path -> text */
  files(): ReadonlyMap<string, string>;
  /** change something behind everybody's back, as an admin would in Setup */
  edit(path: string, change: (content: string) => string): void;
  /** lays out faults from now on, as parseFaults reads them; calls are counted anew, and '' ends them all */
  setFaults(faults: string): void;
  close(): Promise<void>;
}
