import { evaluateResponses, type EndpointCheck, type ExpectedDocument } from './checks';
import { download, type DownloadOptions } from './download';

/** Reads an endpoint twice, as Salesforce does, and checks both responses. Throws `endpoint-unreachable` without a response. */
export async function inspectEndpoint(
  endpoint: string,
  expected: ExpectedDocument,
  { allowLoopback }: DownloadOptions,
): Promise<readonly EndpointCheck[]> {
  const first = await download(endpoint, { allowLoopback });
  const second = await download(endpoint, { allowLoopback });
  return evaluateResponses(new URL(endpoint), first, second, expected);
}
