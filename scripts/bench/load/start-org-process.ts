import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { SeedFile } from '../../local-org/index';

/** A local org in a separate process, so that it doesn't share a thread with the load generator. */
export interface OrgProcess {
  readonly url: string;
  readonly orgId: string;
  stop(): Promise<void>;
}

/** Starts a local org with the given metadata. Rejects if its process ends before it is ready. */
export async function startOrgProcess(seed: readonly SeedFile[]): Promise<OrgProcess> {
  const execArgv = ['-r', join(__dirname, '../../../.config/ts-node.cjs')];
  const child = fork(join(__dirname, 'org-process.ts'), { execArgv, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  child.send(seed);
  const exited = once(child, 'exit').then(() => Promise.reject(new Error('The local org ended before it was ready.')));
  const [{ url, orgId }] = (await Promise.race([once(child, 'message'), exited])) as [{ url: string; orgId: string }];
  exited.catch(() => undefined);
  return {
    url,
    orgId,
    stop: async () => {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}
