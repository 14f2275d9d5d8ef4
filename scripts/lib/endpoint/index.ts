export type { Expected } from './checks';
export { download, isAddress, type Answer, type DownloadOptions } from './download';
export { probeEndpoint } from './probe';
export { servedKeys, type ServedKey } from './served';
