import { chatDeploymentsFor, componentsOf, isAuthMode, textAt, type Component, type DesiredState } from '../model';

/** A deployment that serves a channel: what Setup calls an Embedded Service Deployment. */
export interface ChatDeployment {
  readonly name: string;
  /** Web, Mobile or API, as Salesforce says it. */
  readonly type: string;
  /** Where its site is, for a deployment of type Web; only the org knows. */
  readonly site?: string;
}

/** What is known only where the org was asked. */
export interface OrgFacts {
  readonly runtime?: string;
  /** Deployments by the channel that they serve. */
  readonly deployments: ReadonlyMap<string, readonly ChatDeployment[]>;
  /** Origins that the org allows; undefined where they were not read. */
  readonly allowed?: readonly string[];
  /** Why there is nothing more, in a sentence. */
  readonly unreadReason?: string;
}

/** A page origin that is allowed. */
export interface AllowedOrigin {
  readonly origin: string;
  /** The component of the source that says so. */
  readonly component?: string;
  /** Whether the org has it; undefined where the org was not asked. */
  readonly isLive?: boolean;
}

/** One channel of one org, with everything that its clients have to state. */
export interface ChannelConnection {
  readonly org: string;
  /** 15 characters, as the clients take it. */
  readonly orgId: string;
  readonly channel: string;
  /** Whether a chat starts only with a token. */
  readonly verified: boolean;
  readonly deployments: readonly ChatDeployment[];
  readonly runtime?: string;
  readonly allowed: readonly AllowedOrigin[];
}

/** The connections of an org, a channel each, in the order of its file. */
export function channelConnections({ org, components }: DesiredState, live: OrgFacts): readonly ChannelConnection[] {
  const runtime = org.scrt2URL ?? live.runtime;
  const allowed = allowedOrigins(components, live.allowed);
  return componentsOf(components, 'MessagingChannel').map((channel) => ({
    org: org.alias,
    orgId: org.orgId.slice(0, 15),
    channel: channel.fullName,
    verified: isAuthMode(channel),
    deployments: chatDeploymentsOf(channel, components, live),
    ...(runtime !== undefined && { runtime }),
    allowed,
  }));
}

/** Those of the source first, then those that only the org has. */
function allowedOrigins(components: DesiredState['components'], live: OrgFacts['allowed']): readonly AllowedOrigin[] {
  const declared = componentsOf(components, 'CorsWhitelistOrigin').flatMap(({ root, fullName }) => {
    const origin = textAt(root, 'urlPattern');
    const liveState = live && { isLive: live.includes(origin ?? '') };
    return origin === undefined ? [] : [{ origin, component: `CorsWhitelistOrigin:${fullName}`, ...liveState }];
  });
  const unmanaged = (live ?? []).filter((origin) => !declared.some((each) => each.origin === origin));
  return [...declared, ...unmanaged.map((origin) => ({ origin, isLive: true }))];
}

/** Those of the source, with what the org adds to them, and those that only the org has. */
function chatDeploymentsOf(
  { fullName }: Component,
  components: DesiredState['components'],
  { deployments }: OrgFacts,
): readonly ChatDeployment[] {
  const declared = chatDeploymentsFor(components, fullName).map(({ root, fullName: name }) => ({
    name,
    type: textAt(root, 'deploymentType') ?? '',
  }));
  const live = deployments.get(fullName) ?? [];
  const unmanaged = live.filter(({ name }) => !declared.some((each) => each.name === name));
  return [...declared.map((each) => live.find(({ name }) => name === each.name) ?? each), ...unmanaged];
}
