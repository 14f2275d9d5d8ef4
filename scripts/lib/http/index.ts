export { isLoopback, lookupFor, PrivateAddressError, type Resolver } from './public-lookup';
export { httpFailureReason, sendHttp, type HttpResponse } from './request';
