import type { HostPool } from '../lib/sf';
import { listen } from '../lib/token-server';
import type { LocalOrg } from '../local-org/index';
import { openDesk, type Desk } from './desk';
import { startShopOrg } from './org';
import { shop } from './shop';

export interface DemoOptions {
  readonly hosts: HostPool;
  readonly folder: string;
  readonly project: string;
  /** The org gets the next one; 0 for any free ports. */
  readonly port: number;
  /** A page of the user's own. */
  readonly page?: string | undefined;
}

/** An open shop with its org. */
export interface Demo {
  readonly url: string;
  readonly org: LocalOrg;
  readonly desk: Desk;
  close(): Promise<void>;
}

/** Starts an org, deploys to it, and opens the shop in front of it. */
export async function openDemo({ port, page, ...options }: DemoOptions): Promise<Demo> {
  const desk = openDesk();
  const { org, key } = await startShopOrg({ ...options, port: port && port + 1, now: desk.now });
  try {
    const origins: string[] = [];
    const listening = await listen(shop({ org, key, desk, origins, page }), { port });
    origins.push(`http://localhost:${listening.port}`, `http://127.0.0.1:${listening.port}`);
    const close = async (): Promise<void> => void (await Promise.all([listening.close(), org.close()]));
    return { url: `http://localhost:${listening.port}`, org, desk, close };
  } catch (thrown) {
    await org.close();
    throw thrown;
  }
}
