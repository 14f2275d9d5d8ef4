import { verifiedChannels, type OrgView, type PublishedSettings, type EndpointKeys } from '../explain';
import { download, servedKeys } from '../endpoint';
import { asToolError } from '../errors';
import { readPublicConfig, type ChatApiClient } from '../chat-api';
import {
  chatDeploymentsFor,
  componentsOf,
  jwksUrlOf,
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
}

/**
 * Returns the live view of an org: its metadata, the keys that its JWKS endpoints serve, and the published settings of the
 * chat deployments of its verified channels. Never throws; a failed request is a `problem` in the view.
 */
export async function readOrgView(
  live: Pick<LiveState, 'components' | 'channels'>,
  declared: ComponentMap,
  options: OrgViewOptions,
): Promise<OrgView> {
  const active = new Set([...live.channels].flatMap(([name, channel]) => (channel.active ? [name] : [])));
  const metadataView: OrgView = {
    alias: options.alias,
    view: 'org',
    components: live.components,
    active,
    endpoints: new Map(),
  };
  const chatDeployments = verifiedChannels(metadataView, declared).flatMap(({ fullName }) =>
    chatDeploymentsFor(metadataView.components, fullName),
  );
  const publishedSettings = chatDeployments.map(
    async (each) => [each.fullName, await readPublicConfig(chatApiClientFor(each, options))] as const,
  );
  const published: ReadonlyMap<string, PublishedSettings> = new Map(await Promise.all(publishedSettings));
  return { ...metadataView, endpoints: await readEndpoints(live.components, options), published };
}

/** Returns the API client of a chat deployment. */
export const chatApiClientFor = (
  { fullName, root }: Component,
  { chatApiUrl, orgId, timeoutMs }: Pick<OrgViewOptions, 'chatApiUrl' | 'orgId' | 'timeoutMs'>,
): ChatApiClient => ({
  ...{ chatApiUrl, orgId, chatDeployment: fullName },
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
    const keys = servedKeys(body.toString(), now);
    return keys ? { keys } : { problem: 'It serves no JWKS document.' };
  } catch (thrown) {
    return { problem: asToolError(thrown).why };
  }
}
