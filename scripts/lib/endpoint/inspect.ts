import type { Check } from '../model';
import { evaluateResponses, type ExpectedDocument } from './checks';
import { download, type DownloadOptions } from './download';
import { tlsCheck } from './tls-check';

/** Looks at an endpoint as Salesforce would, twice. Throws `endpoint-unreachable` where there is no answer. */
export async function inspectEndpoint(
  endpoint: string,
  expected: ExpectedDocument,
  { allowLoopback }: DownloadOptions,
): Promise<readonly Check[]> {
  const first = await download(endpoint, { allowLoopback });
  const second = await download(endpoint, { allowLoopback });
  const url = new URL(endpoint);
  const tls = url.protocol === 'https:' ? [await tlsCheck(url, expected.now)] : [];
  return [...tls, ...evaluateResponses(first, second, expected)];
}
