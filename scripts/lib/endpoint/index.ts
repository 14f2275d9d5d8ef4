export type { ExpectedDocument } from './checks';
export { download, isUrl, type DownloadOptions } from './download';
export { inspectEndpoint } from './inspect';
export { servedKeys } from './served-keys';
