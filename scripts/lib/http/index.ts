export type { HttpFailure } from './failure';
export { proxyFor } from './proxy';
export { lookupFor, PrivateAddressError, type Resolver } from './public-lookup';
export { HttpError, sendHttp, type HttpResponse, type TlsFacts } from './request';
