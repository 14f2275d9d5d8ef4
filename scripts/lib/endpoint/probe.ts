import type { Check } from '../model';
import { judgeAnswers, type Expected } from './checks';
import { download, type DownloadOptions } from './download';
import { tlsCheck } from './tls-facts';

/** Looks at an endpoint as Salesforce would, twice. Throws `endpoint-unreachable` where there is no answer. */
export async function probeEndpoint(
  endpoint: string,
  expected: Expected,
  { allowLoopback }: DownloadOptions,
): Promise<readonly Check[]> {
  const first = await download(endpoint, { allowLoopback });
  const second = await download(endpoint, { allowLoopback });
  const url = new URL(endpoint);
  const tls = url.protocol === 'https:' ? [await tlsCheck(url, expected.now)] : [];
  return [...tls, ...judgeAnswers(first, second, expected)];
}
