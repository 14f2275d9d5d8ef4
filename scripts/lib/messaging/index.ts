export { runtimeOf } from './address';
export { readPublicConfig, type PublicConfig } from './public-config';
export { askAsGuest, exchange, revoke, type Client, type Exchange } from './runtime';
