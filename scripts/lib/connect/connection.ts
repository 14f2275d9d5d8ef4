import { componentsOf, textAt, type Component, type Desired } from '../model';

/** A deployment that serves a channel: what Setup calls an Embedded Service Deployment. */
export interface Deployment {
  readonly name: string;
  /** Web, Mobile or API, as Salesforce says it. */
  readonly type: string;
  /** Where its site is, for a deployment of type Web; only the org knows. */
  readonly site?: string;
}

/** What is known only where the org was asked. */
export interface LiveFacts {
  readonly runtime?: string;
  /** Deployments by the channel that they serve. */
  readonly deployments: ReadonlyMap<string, readonly Deployment[]>;
  /** Origins that the org allows; undefined where they were not read. */
  readonly allowed?: readonly string[];
  /** Why there is nothing more, in a sentence. */
  readonly unread?: string;
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
export interface Connection {
  readonly org: string;
  /** 15 characters, as the clients take it. */
  readonly orgId: string;
  readonly channel: string;
  /** Whether a chat starts only with a token. */
  readonly verified: boolean;
  readonly deployments: readonly Deployment[];
  readonly runtime?: string;
  readonly allowed: readonly AllowedOrigin[];
}

/** The connections of an org, a channel each, in the order of its file. */
export function connectionsOf({ org, components }: Desired, live: LiveFacts): readonly Connection[] {
  const runtime = org.scrt2URL ?? live.runtime;
  const allowed = allowedOrigins(components, live.allowed);
  return componentsOf(components, 'MessagingChannel').map((channel) => ({
    org: org.alias,
    orgId: org.orgId.slice(0, 15),
    channel: channel.fullName,
    verified: textAt(channel.root, 'embeddedConfig.authMode') === 'Auth',
    deployments: deploymentsOf(channel, components, live),
    ...(runtime !== undefined && { runtime }),
    allowed,
  }));
}

/** Those of the source first, then those that only the org has. */
function allowedOrigins(components: Desired['components'], live: LiveFacts['allowed']): readonly AllowedOrigin[] {
  const stated = componentsOf(components, 'CorsWhitelistOrigin').flatMap(({ root, fullName }) => {
    const origin = textAt(root, 'urlPattern');
    const seen = live && { isLive: live.includes(origin ?? '') };
    return origin === undefined ? [] : [{ origin, component: `CorsWhitelistOrigin:${fullName}`, ...seen }];
  });
  const others = (live ?? []).filter((origin) => !stated.some((each) => each.origin === origin));
  return [...stated, ...others.map((origin) => ({ origin, isLive: true }))];
}

/** Those of the source, with what the org adds to them, and those that only the org has. */
function deploymentsOf(
  { fullName }: Component,
  components: Desired['components'],
  { deployments }: LiveFacts,
): readonly Deployment[] {
  const stated = componentsOf(components, 'EmbeddedServiceConfig')
    .filter(({ root }) => textAt(root, 'embeddedServiceMessagingChannel.messagingChannel') === fullName)
    .map(({ root, fullName: name }) => ({ name, type: textAt(root, 'deploymentType') ?? '' }));
  const live = deployments.get(fullName) ?? [];
  const others = live.filter(({ name }) => !stated.some((each) => each.name === name));
  return [...stated.map((each) => live.find(({ name }) => name === each.name) ?? each), ...others];
}
