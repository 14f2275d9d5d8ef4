import { isServing, type OrgView, type PublishedSettings, type EndpointKeys } from '../explain';
import { download } from './endpoint';
import { asToolError } from '../errors';
import { readJwks } from '../jwk';
import { readPublicConfig, type ChatApiClient } from '../chat-api';
import { poll } from '../sf';
import {
  componentsOf,
  isAuthMode,
  jwksUrlOf,
  referencesOf,
  textAt,
  type Component,
  type ComponentMap,
  type LiveState,
} from '../model';

/** Everything that an org view needs besides the metadata of the org. */
export interface OrgViewOptions {
  readonly alias: string;
  readonly orgId: string;
  readonly chatApiUrl: string;
  readonly allowLoopback: boolean;
  readonly now: Date;
  readonly timeoutMs?: number;
  /** Milliseconds to wait until the published settings are those of the live state. Default: no wait. */
  readonly publishTimeoutMs?: number;
}

/**
 * Returns the live view of an org: its metadata, the keys that its JWKS endpoints serve, and the published settings of its
 * chat deployments. Sends no token. Never throws; a failed request is a `problem` in the view.
 */
export async function readOrgView(
  live: Pick<LiveState, 'components' | 'channels'>,
  options: OrgViewOptions,
): Promise<OrgView> {
  const active = new Set([...live.channels].flatMap(([name, channel]) => (channel.active ? [name] : [])));
  const published = componentsOf(live.components, 'EmbeddedServiceConfig').map(
    async (each) => [each.fullName, await readPublished(each, live.components, options)] as const,
  );
  return {
    alias: options.alias,
    view: 'org',
    components: live.components,
    active,
    endpoints: await readEndpoints(live.components, options),
    published: new Map(await Promise.all(published)),
  };
}

/** The time between two reads of published settings that aren't current yet. */
const POLL_INTERVAL_MS = 15_000;

const readPublished = (
  chatDeployment: Component,
  components: ComponentMap,
  options: OrgViewOptions,
): Promise<PublishedSettings> =>
  poll(
    () => readPublicConfig(chatApiClientFor(chatDeployment, options)),
    (settings) => !isPending(chatDeployment, components, settings),
    options.publishTimeoutMs ?? 0,
    { first: POLL_INTERVAL_MS, max: POLL_INTERVAL_MS },
  );

/** Whether a publication may not have taken effect yet: the settings that clients get differ from the live channel. */
function isPending(chatDeployment: Component, components: ComponentMap, settings: PublishedSettings): boolean {
  const channel = referencesOf(chatDeployment).find(({ type }) => type === 'MessagingChannel')?.name ?? '';
  if (!isServing(chatDeployment) || (settings.problem !== undefined && settings.state === 'unreachable')) return false;
  return (settings.authMode === 'Auth') !== isAuthMode(components.get(`MessagingChannel:${channel}`));
}

/** Returns the API client of a chat deployment. */
export const chatApiClientFor = (
  { fullName, root }: Component,
  { chatApiUrl, orgId, timeoutMs }: Pick<OrgViewOptions, 'chatApiUrl' | 'orgId' | 'timeoutMs'>,
): ChatApiClient => ({
  chatApiUrl,
  orgId,
  chatDeployment: fullName,
  version: textAt(root, 'deploymentType') === 'API' ? 2 : 1,
  ...(timeoutMs !== undefined && { timeoutMs }),
});

async function readEndpoints(
  components: ComponentMap,
  options: OrgViewOptions,
): Promise<ReadonlyMap<string, EndpointKeys>> {
  const keysets = componentsOf(components, 'PublicKeyCertificateSet');
  const urls = [...new Set(keysets.flatMap((keyset) => jwksUrlOf(keyset) ?? []))];
  const keysByUrl = urls.map(async (url) => [url, await fetchJwks(url, options)] as const);
  return new Map(await Promise.all(keysByUrl));
}

/** The keys that an endpoint serves, or the reason why it serves none. */
async function fetchJwks(
  url: string,
  { allowLoopback, now }: Pick<OrgViewOptions, 'allowLoopback' | 'now'>,
): Promise<EndpointKeys> {
  try {
    const { status, body } = await download(url, { allowLoopback });
    if (status !== 200) return { problem: `It responds with ${status}.` };
    const { keys, problem } = readJwks(body.toString(), now);
    return keys ? { keys } : { problem: `It serves no JWKS document. ${problem}` };
  } catch (thrown) {
    return { problem: asToolError(thrown).why };
  }
}
