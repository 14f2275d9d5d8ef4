import { readFileSync } from 'node:fs';
import { parseLatency, startLocalOrg } from '../local-org/index';

/**
 * Starts local orgs in a separate process and sends their details to the parent process, so that their cost isn't measured
 * as the cost of the command. Ends with its parent.
 * @example fork('orgs.ts', ['10', 'login.pub', 'deploy=8s,retrieve=3s'])
 */
async function startOrgs([size, keyFile = '', latency = '']: readonly string[]): Promise<void> {
  const loginKey = readFileSync(keyFile, 'utf8');
  const aliases = Array.from({ length: Number(size) }, (_, index) => `org${index + 1}`);
  const orgs = await Promise.all(
    aliases.map((alias) =>
      startLocalOrg({
        alias,
        kind: 'sandbox',
        port: 0,
        loginKey,
        ...(latency !== '' && { latency: parseLatency(latency) }),
      }),
    ),
  );
  process.once('disconnect', () => void Promise.all(orgs.map((org) => org.close())));
  process.send?.(orgs.map(({ alias, orgId, username, clientId, url }) => ({ alias, orgId, username, clientId, url })));
}

void startOrgs(process.argv.slice(2));
