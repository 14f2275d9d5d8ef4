export type { ExpectedDocument } from './checks';
export { download, isUrl, type DownloadOptions } from './download';
export { inspectEndpoint } from './inspect';
export { servedKeys, type ServedKey } from './served-keys';
