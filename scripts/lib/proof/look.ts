import { deploymentsOf, endpointOf, verifiedChannels, type Picture, type Publication, type Served } from '../chain';
import { download, servedKeys } from '../endpoint';
import { asToolError } from '../errors';
import { readPublicConfig, type Client } from '../messaging';
import { componentsOf, textAt, type Component, type ComponentMap, type Snapshot } from '../model';

/** What is looked at beside the metadata of an org. */
export interface View {
  readonly alias: string;
  readonly orgId: string;
  readonly runtime: string;
  readonly allowLoopback: boolean;
  readonly now: Date;
  readonly patience?: number;
}

/** An org as tokens meet it: its metadata, what its endpoints serve, and what its runtime serves of its deployments. */
export async function pictureOf(
  live: Pick<Snapshot, 'components' | 'channels'>,
  stated: ComponentMap,
  view: View,
): Promise<Picture> {
  const active = new Set([...live.channels].flatMap(([name, channel]) => (channel.active ? [name] : [])));
  const plain: Picture = { alias: view.alias, view: 'org', components: live.components, active, endpoints: new Map() };
  const deployments = verifiedChannels(plain, stated).flatMap(({ fullName }) => deploymentsOf(plain, fullName));
  const publications = deployments.map(
    async (each) => [each.fullName, await readPublicConfig(clientOf(each, view))] as const,
  );
  const published: ReadonlyMap<string, Publication> = new Map(await Promise.all(publications));
  return { ...plain, endpoints: await endpointsOf(live.components, view), published };
}

/** A deployment as a client of it. */
export const clientOf = (
  { fullName, root }: Component,
  { runtime, orgId, patience }: Pick<View, 'runtime' | 'orgId' | 'patience'>,
): Client => ({
  ...{ runtime, orgId, deployment: fullName },
  version: textAt(root, 'deploymentType') === 'API' ? 2 : 1,
  ...(patience !== undefined && { patience }),
});

async function endpointsOf(components: ComponentMap, view: View): Promise<ReadonlyMap<string, Served>> {
  const keysets = componentsOf(components, 'PublicKeyCertificateSet');
  const addresses = [...new Set(keysets.flatMap((keyset) => endpointOf(keyset) ?? []))];
  const served = addresses.map(async (address) => [address, await servedAt(address, view)] as const);
  return new Map(await Promise.all(served));
}

/** The keys that an endpoint serves, or the reason why there are none. */
export async function servedAt(
  address: string,
  { allowLoopback, now }: Pick<View, 'allowLoopback' | 'now'>,
): Promise<Served> {
  try {
    const { status, body } = await download(address, { allowLoopback });
    if (status !== 200) return { problem: `It answers ${status}.` };
    const keys = servedKeys(body.toString(), now);
    return keys ? { keys } : { problem: 'It serves no JWKS.' };
  } catch (thrown) {
    return { problem: asToolError(thrown).why };
  }
}
