import type { ChannelConnection } from '../lib/client-kit/channel-connection';
import type { CliWorkerPool } from '../lib/sf';
import { listen } from '../lib/token-server';
import type { LocalOrg } from '../local-org/index';
import type { SigningKey } from './demo-project';
import { createFailureControls, type FailureControls } from './failure-controls';
import { startShopOrg } from './shop-org';
import { createShop } from './shop';

export interface DemoOptions {
  readonly workers: CliWorkerPool;
  readonly folder: string;
  readonly project: string;
  /** The port of the shop; the org uses the next one. 0 for any free ports. */
  readonly port: number;
  /** The path of a page of the user. */
  readonly page?: string | undefined;
}

/** A running shop with its org. */
export interface Demo {
  readonly url: string;
  readonly org: LocalOrg;
  readonly controls: FailureControls;
  /** The key that signs the tokens of the shop. */
  readonly key: SigningKey;
  /** The channel of the shop with its Web chat deployment. */
  readonly connection: ChannelConnection;
  close(): Promise<void>;
}

/** Starts an org, deploys to it, and starts the shop. */
export async function startDemo({ port, page, ...options }: DemoOptions): Promise<Demo> {
  const controls = createFailureControls();
  const { org, key, connection } = await startShopOrg({ ...options, port: port && port + 1, now: controls.now });
  try {
    const origins: string[] = [];
    const server = await listen(createShop({ org, key, connection, controls, origins, page }), { port });
    origins.push(`http://localhost:${server.port}`, `http://127.0.0.1:${server.port}`);
    const close = async (): Promise<void> => void (await Promise.all([server.close(), org.close()]));
    return { url: `http://localhost:${server.port}`, org, controls, key, connection, close };
  } catch (thrown) {
    await org.close();
    throw thrown;
  }
}
