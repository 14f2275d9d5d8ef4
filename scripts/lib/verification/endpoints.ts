import { inspectEndpoint } from '../endpoint';
import { asToolError } from '../errors';
import { enabledAuthorizationsOf, jwksUrlOf, keysetNameOf, type Check } from '../model';
import { toCheck, failed, passed, type CheckResult } from './check';
import type { VerifyOptions, ChannelContext } from './context';

/** How long the answer of an endpoint may be cached, in hours, before a key that was replaced is trusted for too long. */
const MAX_CACHE_HOURS = 72;

/** Every endpoint that the active configurations of a channel fetch keys from, looked at as Salesforce would. */
export async function endpointChecks({ org, channel, options }: ChannelContext): Promise<readonly Check[]> {
  const names = enabledAuthorizationsOf(channel).flatMap((item) => keysetNameOf(item) ?? []);
  const urls = new Map(
    names.flatMap((name): [string, string][] => {
      const url = jwksUrlOf(org.live.components.get(`PublicKeyCertificateSet:${name}`));
      return url === undefined ? [] : [[name, url]];
    }),
  );
  return Promise.all(
    [...urls].map(async ([name, address]) =>
      toCheck('endpoint', channel.fullName, name, await checkEndpointUrl(address, options)),
    ),
  );
}

async function checkEndpointUrl(url: string, { allowLoopback, now }: VerifyOptions): Promise<CheckResult> {
  try {
    const checks = await inspectEndpoint(url, { keys: [], cacheHours: MAX_CACHE_HOURS, now: now() }, { allowLoopback });
    const failures = checks.filter(({ ok }) => !ok);
    if (failures.length === 0) return passed(url);
    return failed(`${url}: ${failures.map(({ name, detail }) => `${name}: ${detail}`).join('; ')}`);
  } catch (thrown) {
    return failed(`${url}: ${asToolError(thrown).why}`);
  }
}
