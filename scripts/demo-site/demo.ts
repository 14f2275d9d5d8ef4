import type { CliWorkerPool } from '../lib/sf';
import { listen } from '../lib/token-server';
import type { LocalOrg } from '../local-org/index';
import type { SigningKey } from './demo-project';
import { createFailureControls, type FailureControls } from './failure-controls';
import { startShopOrg, type ShopConnections } from './shop-org';
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
export interface Demo extends ShopConnections {
  readonly url: string;
  readonly org: LocalOrg;
  readonly controls: FailureControls;
  /** The key that signs the tokens of the shop. */
  readonly key: SigningKey;
  close(): Promise<void>;
}

/** Starts an org, deploys to it, and starts the shop. */
export async function startDemo({ port, page, ...options }: DemoOptions): Promise<Demo> {
  const controls = createFailureControls();
  const { org, key, ...connections } = await startShopOrg({ ...options, port: port && port + 1, now: controls.now });
  try {
    const origins: string[] = [];
    const server = await listen(createShop({ org, key, connection: connections.connection, controls, origins, page }), {
      port,
    });
    origins.push(`http://localhost:${server.port}`, `http://127.0.0.1:${server.port}`);
    const close = async (): Promise<void> => void (await Promise.all([server.close(), org.close()]));
    return { url: `http://localhost:${server.port}`, org, controls, key, ...connections, close };
  } catch (thrown) {
    await org.close();
    throw thrown;
  }
}
