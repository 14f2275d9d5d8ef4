import { inspectEndpoint, type EndpointCheck } from './endpoint';
import { asToolError } from '../errors';
import { enabledAuthorizationsOf, jwksUrlOf, keysetNameOf, type Check, type DesiredState } from '../model';
import { toCheck, failed, passed, type CheckResult } from './check';
import type { VerifyOptions, ChannelContext } from './context';

/** Checks each JWKS endpoint of the channel's active user verification configurations, with requests as Salesforce sends them. */
export async function endpointChecks({ org, channel, options }: ChannelContext): Promise<readonly Check[]> {
  const names = enabledAuthorizationsOf(channel).flatMap((authorization) => keysetNameOf(authorization) ?? []);
  const urls = new Map(
    names.flatMap((name): [string, string][] => {
      const keyset = org.live.components.get(`PublicKeyCertificateSet:${name}`);
      const url = keyset && jwksUrlOf(keyset);
      return url === undefined ? [] : [[name, url]];
    }),
  );
  return Promise.all(
    [...urls].map(async ([name, url]) =>
      toCheck('endpoint', channel.fullName, name, await checkEndpointUrl(url, org.desired, options, name)),
    ),
  );
}

async function checkEndpointUrl(
  url: string,
  { org: { endpointKeys = {} }, compromised }: DesiredState,
  { allowLoopback, now, cacheHours }: VerifyOptions,
  keyset: string,
): Promise<CheckResult> {
  const allowed = endpointKeys[keyset];
  const expected = { keys: [], cacheHours: cacheHours(keyset), compromised, now: now(), ...(allowed && { allowed }) };
  try {
    const checks = await inspectEndpoint(url, expected, { allowLoopback });
    const failures = checks.filter(({ ok }) => !ok);
    if (failures.length > 0) return failed(`${url}: ${checkTexts(failures)}`);
    const remarks = checks.filter(({ name, note }) => name === 'at least one key' || note);
    return passed(`${url}: ${checkTexts(remarks)}`);
  } catch (thrown) {
    return failed(`${url}: ${asToolError(thrown).why}`);
  }
}

const checkTexts = (checks: readonly EndpointCheck[]): string =>
  checks.map(({ name, detail }) => `${name}: ${detail}`).join('; ');
