export type { EndpointCheck, ExpectedDocument } from './checks';
export { download, isUrl, type DownloadOptions } from './download';
export { inspectEndpoint } from './inspect';
