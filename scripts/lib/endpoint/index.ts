export { judgeAnswers, type Expected } from './checks';
export { download, isAddress, type Answer, type DownloadOptions } from './download';
export { servedKeys, type ServedKey } from './served';
export { tlsCheck } from './tls-facts';
