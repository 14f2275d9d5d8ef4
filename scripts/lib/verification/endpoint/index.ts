export { inspectEndpoint, type EndpointCheck, type ExpectedDocument } from './checks';
export { download, isUrl, type DownloadOptions } from './download';
