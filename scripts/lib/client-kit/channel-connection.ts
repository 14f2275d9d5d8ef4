import { chatDeploymentsFor, componentsOf, isAuthMode, textAt, type Component, type DesiredState } from '../model';

/** A chat deployment (Embedded Service Deployment) that serves a channel. */
export interface ChatDeployment {
  readonly name: string;
  /** Web, Mobile or API (Salesforce's values). */
  readonly type: string;
  /** The URL of its site, for type Web. Known only if the org was read. */
  readonly site?: string;
}

/** Facts that only the org contains. */
export interface OrgFacts {
  /** The SCRT2 URL. */
  readonly runtime?: string;
  /** Chat deployments by channel. */
  readonly deployments: ReadonlyMap<string, readonly ChatDeployment[]>;
  /** Allowed origins; undefined if they were not read. */
  readonly allowed?: readonly string[];
  /** The reason why the org was not read, as a sentence. */
  readonly unreadReason?: string;
}

/** An allowed origin of pages. */
export interface AllowedOrigin {
  readonly origin: string;
  /** The component in source that allows it. */
  readonly component?: string;
  /** Whether the org allows it; undefined if the org was not read. */
  readonly isLive?: boolean;
}

/** One channel of one org, with the settings that its clients need. */
export interface ChannelConnection {
  readonly org: string;
  /** 15 characters, as clients expect. */
  readonly orgId: string;
  readonly channel: string;
  /** Whether user verification is on. */
  readonly verified: boolean;
  readonly deployments: readonly ChatDeployment[];
  readonly runtime?: string;
  readonly allowed: readonly AllowedOrigin[];
}

/** Returns one connection for each channel of an org. */
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

/** Origins in source first, then those only in the org. */
function allowedOrigins(components: DesiredState['components'], live: OrgFacts['allowed']): readonly AllowedOrigin[] {
  const declared = componentsOf(components, 'CorsWhitelistOrigin').flatMap(({ root, fullName }) => {
    const origin = textAt(root, 'urlPattern');
    const liveState = live && { isLive: live.includes(origin ?? '') };
    return origin === undefined ? [] : [{ origin, component: `CorsWhitelistOrigin:${fullName}`, ...liveState }];
  });
  const unmanaged = (live ?? []).filter((origin) => !declared.some((each) => each.origin === origin));
  return [...declared, ...unmanaged.map((origin) => ({ origin, isLive: true }))];
}

/** Chat deployments in source, completed with live facts, then those only in the org. */
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
