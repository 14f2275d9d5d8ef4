import { configurationsOf, endpointOf } from '../chain';
import { probeEndpoint } from '../endpoint';
import { asToolError } from '../errors';
import { isTrueAt, textAt, type Check } from '../model';
import { checkOf, failed, proven, type Finding } from './check';
import type { Means, Stage } from './subject';

/** How long the answer of an endpoint may be cached, in hours, before a key that was replaced is trusted for too long. */
const CACHE_HOURS = 72;

/** Every endpoint that the active configurations of a channel fetch keys from, looked at as Salesforce would. */
export async function endpointChecks({ subject, channel, means }: Stage): Promise<readonly Check[]> {
  const names = configurationsOf(channel)
    .filter((item) => isTrueAt(item, 'enabled'))
    .flatMap((item) => textAt(item, 'publicKeyCertificateSetName') ?? []);
  const addresses = new Map(
    names.flatMap((name): [string, string][] => {
      const keyset = subject.live.components.get(`PublicKeyCertificateSet:${name}`);
      const address = keyset && endpointOf(keyset);
      return address === undefined ? [] : [[name, address]];
    }),
  );
  return Promise.all(
    [...addresses].map(async ([name, address]) =>
      checkOf('endpoint', channel.fullName, name, await probed(address, means)),
    ),
  );
}

async function probed(address: string, { allowLoopback, now }: Means): Promise<Finding> {
  try {
    const checks = await probeEndpoint(address, { keys: [], cacheHours: CACHE_HOURS, now: now() }, { allowLoopback });
    const wrong = checks.filter(({ ok }) => !ok);
    if (wrong.length === 0) return proven(address);
    return failed(`${address}: ${wrong.map(({ name, detail }) => `${name}: ${detail}`).join('; ')}`);
  } catch (thrown) {
    return failed(`${address}: ${asToolError(thrown).why}`);
  }
}
