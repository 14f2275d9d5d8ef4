import type { KeyObject } from 'node:crypto';
import type { AnswersByQuestion } from './assumptions';
import type { ChatApiSettings } from './chat-api-settings';
import type { TrafficSettings } from './traffic-settings';
import type { WebDeploymentSettings } from './web-deployment-settings';

/** The effect of a deploy on a list item that is in the org and not in the deployed file. Salesforce doesn't document it. */
export type OmittedItems = 'removed' | 'kept';

/**
 * The effect of a deploy on `sessionHandlerAsa` of a channel. One Salesforce playbook says that Salesforce drops it until
 * SessionHandlerId is set with the data API (service-agentforce-channel-configure), another that it is bound
 * (service-digital-engagement-channel-configure).
 */
export type AgentRouting = 'dropped' | 'bound';

export type OrgKind = 'production' | 'sandbox';

/** The kinds of work that can have a server time. */
export const TIMED_WORK = ['deploy', 'retrieve', 'query', 'update', 'setup', 'publish', 'token', 'exchange'] as const;
export type TimedWork = (typeof TIMED_WORK)[number];

/** Milliseconds of server time for each kind of work. */
export type Latency = Partial<Record<TimedWork, number>>;

/** Permissions of the admin user, named as in UserPermissionAccess without the prefix "Permissions". */
export type AdminPermission = 'CustomizeApplication' | 'ConfigureLiveMessage' | 'ViewSetup';

/** Metadata that the org contains at its first start. The rules don't apply, because an org can contain older forms. */
export interface SeedFile {
  /** in metadata format, such as messagingChannels/Web_Chat.messagingChannel */
  readonly path: string;
  readonly content: string;
  /** whether the channel is active; channels only */
  readonly active?: boolean;
  /** whether the chat deployment is published; chat deployments only */
  readonly published?: boolean;
}

/** The results of Apex tests. This org doesn't run Apex, so it returns the results that it is configured with. */
export interface ApexTestResults {
  /** number of test methods that passed */
  readonly passed: number;
  readonly failures: readonly ApexTestFailure[];
  readonly coverage: readonly ApexCoverage[];
}

/** A failed test method, as in RunTestFailure. */
export interface ApexTestFailure {
  /** the test class */
  readonly name: string;
  readonly methodName: string;
  readonly message: string;
  /** such as Class.Base64UrlTest.encodes: line 20, column 1 */
  readonly stackTrace: string;
}

/** The coverage of a class by the tests of a deploy job. */
export interface ApexCoverage {
  readonly name: string;
  /** number of lines that can be covered */
  readonly lines: number;
  /** numbers of the lines that aren't covered */
  readonly uncovered: readonly number[];
}

export interface LocalOrgOptions {
  readonly alias: string;
  readonly kind: OrgKind;
  /** 18 characters; default: an ID that depends only on the alias. A refreshed sandbox has a different one. */
  readonly orgId?: string;
  /** 0: any free port */
  readonly port: number;
  /** JSON, written atomically; default: the state is kept in memory only */
  readonly stateFile?: string;
  readonly latency?: Latency;
  /** how the Enhanced Chat API behaves where Salesforce doesn't document it; default: DEFAULT_CHAT_API_SETTINGS */
  readonly chatApi?: Partial<ChatApiSettings>;
  /** how chat deployments of type Web behave; default: DEFAULT_WEB_DEPLOYMENT_SETTINGS */
  readonly webDeployments?: Partial<WebDeploymentSettings>;
  /** whether a deploy removes the keys and user verification configurations that a file omits; default: removed */
  readonly omittedItems?: OmittedItems;
  /** what a deploy does with the Agentforce Service Agent of a channel; default: dropped */
  readonly agentRouting?: AgentRouting;
  /** the templates of Experience Cloud sites by name, which metadata doesn't contain; default: Customer Service, or LWR */
  readonly siteTemplates?: Readonly<Record<string, string>>;
  /** answers to open questions about Salesforce, by question ID; the other options take precedence */
  readonly answers?: AnswersByQuestion;
  /** whether the org tracks changes to its metadata, as sandboxes can; default: no */
  readonly sourceTracking?: boolean;
  /** the results of Apex tests; default: no test is counted, and none fails */
  readonly apexTests?: Partial<ApexTestResults>;
  /** public key that verifies the JWT bearer assertions: PEM or KeyObject */
  readonly loginKey: KeyObject | string;
  /** default: all */
  readonly permissions?: Partial<Record<AdminPermission, boolean>>;
  readonly seed?: readonly SeedFile[];
  /** the faults to inject, in the format of parseFaults, such as deploy.submit:no-response */
  readonly faults?: string;
  /** chats that customers have without a client, computed from `now`; default: none */
  readonly traffic?: TrafficSettings;
  readonly now?: () => Date;
  /** the answer of the service rep to a message. `subject` identifies the user as an access token does. Default: repeats it */
  readonly reply?: (message: string, subject: string) => string;
  /** receives a line for each request that the local org doesn't support */
  readonly onUnsupported?: (line: string) => void;
}

export type OrgEventKind =
  | 'login'
  | 'query'
  | 'update'
  | 'setup'
  | 'publish'
  | 'deploy'
  | 'validate'
  | 'cancel'
  | 'retrieve'
  | 'list'
  | 'edit'
  | 'fault'
  | 'exchange'
  | 'revoke'
  | 'unsupported';

/**
 * Something that happened in the org. A validation is "validate", never "deploy". An "exchange" contains the subject of the
 * access token, or the reason for the rejection, but never a token.
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
  /** for the refresh_token grant; kept across restarts if there is a state file */
  readonly refreshToken: string;
  /** the events, oldest first */
  readonly log: readonly OrgEvent[];
  /** the metadata that the org contains now: path -> text */
  files(): ReadonlyMap<string, string>;
  /** changes a file directly, as an admin does in Setup */
  edit(path: string, change: (content: string) => string): void;
  /** replaces the configured results of Apex tests */
  setApexTests(results: Partial<ApexTestResults>): void;
  /** changes settings of the Enhanced Chat API */
  setChatApi(settings: Partial<ChatApiSettings>): void;
  /** publishes a chat deployment, or removes its published settings */
  setPublished(chatDeployment: string, published: boolean): void;
  /** replaces the traffic from now on (format: parseTraffic) */
  setTraffic(spec: string): void;
  /** replaces the answers to open questions about Salesforce */
  setAnswers(answers: AnswersByQuestion): void;
  /** replaces the faults (format: parseFaults), resets the call counts, and ends all delays; '' removes all faults */
  setFaults(faults: string): void;
  close(): Promise<void>;
}
