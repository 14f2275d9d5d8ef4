import { evaluateResponses, type EndpointCheck, type ExpectedDocument } from './checks';
import { download, type DownloadOptions } from './download';
import { tlsCheck } from './tls-check';

/** Reads an endpoint twice, as Salesforce does, and checks both responses. Throws `endpoint-unreachable` without a response. */
export async function inspectEndpoint(
  endpoint: string,
  expected: ExpectedDocument,
  { allowLoopback }: DownloadOptions,
): Promise<readonly EndpointCheck[]> {
  const first = await download(endpoint, { allowLoopback });
  const second = await download(endpoint, { allowLoopback });
  const url = new URL(endpoint);
  const tls = url.protocol === 'https:' ? [await tlsCheck(url, expected.now)] : [];
  return [...tls, ...evaluateResponses(url, first, second, expected)];
}
