import { settingsFor } from '../answers';
import { DEFAULT_ASSUMPTIONS, type AnswersByQuestion, type Assumptions } from '../assumptions';
import { orgIdOf, PREFIX, recordId } from '../identifiers';
import { FaultSchedule, parseFaults } from '../faults';
import { MetadataStore } from '../metadata/store';
import type {
  AdminPermission,
  AgentRouting,
  ApexTestResults,
  Latency,
  LocalOrgOptions,
  OmittedItems,
  OrgEvent,
  OrgEventKind,
  OrgKind,
} from '../options';
import { DEFAULT_CHAT_API_SETTINGS, type ChatApiSettings } from '../chat-api-settings';
import { DEFAULT_WEB_DEPLOYMENT_SETTINGS, type WebDeploymentSettings } from '../web-deployment-settings';
import { AccessTokens } from './access-tokens';
import type { PermissionSetAssignment } from './assignments';
import { ChatEvents } from './chat-events';
import { DeployJobs } from './deploy-jobs';
import { ChatStore } from './chat-store';
import type { SourceTracking } from './source-tracking';
import { RetrieveJobs } from './retrieve-jobs';
import { Sessions } from './sessions';
import { Traffic } from './traffic';

/** The state of one org, without the server. */
export interface Org {
  readonly alias: string;
  readonly kind: OrgKind;
  readonly orgId: string;
  readonly userId: string;
  readonly username: string;
  readonly clientId: string;
  readonly loginKey: LocalOrgOptions['loginKey'];
  readonly latency: Latency;
  readonly permissions: Readonly<Record<AdminPermission, boolean>>;
  readonly metadata: MetadataStore;
  chatApi: ChatApiSettings;
  webDeployments: WebDeploymentSettings;
  omittedItems: OmittedItems;
  agentRouting: AgentRouting;
  assumptions: Assumptions;
  readonly siteTemplates: Readonly<Record<string, string>>;
  apexTests: ApexTestResults;
  readonly sessions: Sessions;
  readonly accessTokens: AccessTokens;
  readonly chats: ChatStore;
  readonly chatEvents: ChatEvents;
  /** the chats that customers have without a client; undefined: none */
  traffic: Traffic | undefined;
  /** the assignments of permission sets to the user */
  assignments: readonly PermissionSetAssignment[];
  /** the changes to the metadata; undefined: the org doesn't track source */
  tracking: SourceTracking | undefined;
  readonly deployJobs: DeployJobs;
  readonly retrieveJobs: RetrieveJobs;
  readonly faults: FaultSchedule;
  readonly log: OrgEvent[];
  /** aborts waiting requests when the org closes */
  readonly closing: AbortController;
  /** set when the server listens */
  url: string;
  /** refuses connections for a number of milliseconds; set when the server listens */
  stopListening: (milliseconds: number) => void;
  now(): Date;
  /** the answer of the service rep to a message */
  readonly reply: NonNullable<LocalOrgOptions['reply']>;
  /** writes the state file, if there is one */
  save: () => void;
  readonly onUnsupported: (line: string) => void;
}

export const NO_TEST_RESULTS: ApexTestResults = { passed: 0, failures: [], coverage: [] };

const ALL_PERMISSIONS: Record<AdminPermission, boolean> = {
  CustomizeApplication: true,
  ConfigureLiveMessage: true,
  ViewSetup: true,
};

export function createOrg(options: LocalOrgOptions): Org {
  const orgId = options.orgId ?? orgIdOf(options.alias);
  const now = options.now ?? (() => new Date());
  return {
    alias: options.alias,
    kind: options.kind,
    reply: options.reply ?? ((message) => `You wrote: ${message}`),
    orgId,
    userId: recordId(PREFIX.user, orgId, 'admin'),
    username: `admin@${options.alias.toLowerCase().replace(/[^a-z0-9-]+/g, '-')}.local-org.example`,
    clientId: 'LocalOrgClient',
    loginKey: options.loginKey,
    latency: options.latency ?? {},
    permissions: { ...ALL_PERMISSIONS, ...options.permissions },
    metadata: new MetadataStore(orgId),
    ...undocumentedBehavior(options, options.answers),
    apexTests: { ...NO_TEST_RESULTS, ...options.apexTests },
    sessions: new Sessions(orgId),
    accessTokens: new AccessTokens(orgId),
    chats: new ChatStore(),
    chatEvents: new ChatEvents(),
    traffic: options.traffic && new Traffic(orgId, options.traffic, now()),
    assignments: [],
    tracking: undefined,
    siteTemplates: options.siteTemplates ?? {},
    deployJobs: new DeployJobs(),
    retrieveJobs: new RetrieveJobs(),
    faults: new FaultSchedule(options.faults === undefined ? [] : parseFaults(options.faults, options.alias)),
    log: [],
    closing: new AbortController(),
    url: '',
    stopListening: () => undefined,
    now,
    save: () => undefined,
    onUnsupported: options.onUnsupported ?? (() => undefined),
  };
}

type UndocumentedBehavior = Pick<Org, 'chatApi' | 'webDeployments' | 'omittedItems' | 'agentRouting' | 'assumptions'>;

/** The behavior where Salesforce documents nothing: the options, else the answers, else the defaults. */
export function undocumentedBehavior(options: LocalOrgOptions, answers: AnswersByQuestion = {}): UndocumentedBehavior {
  const settings = settingsFor(answers);
  const chatApi = { ...DEFAULT_CHAT_API_SETTINGS, accept: settings.accept, ...settings.chatApi, ...options.chatApi };
  return {
    chatApi,
    webDeployments: { ...DEFAULT_WEB_DEPLOYMENT_SETTINGS, ...settings.webDeployments, ...options.webDeployments },
    omittedItems: options.omittedItems ?? settings.omittedItems ?? 'removed',
    agentRouting: options.agentRouting ?? settings.agentRouting ?? 'dropped',
    assumptions: { ...DEFAULT_ASSUMPTIONS, ...settings.assumptions },
  };
}

// Limits the memory of an org that runs for days under load.
const MAX_LOG_EVENTS = 50_000;

/** Adds an event to the log, and drops the oldest events when the log is full. */
export function logEvent(org: Org, kind: OrgEventKind, detail: OrgEvent['detail']): void {
  if (org.log.length >= MAX_LOG_EVENTS) org.log.splice(0, MAX_LOG_EVENTS / 2);
  org.log.push({ kind, at: org.now().toISOString(), detail });
}
