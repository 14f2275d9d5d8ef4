export { runtimeOf } from './address';
export { askAsGuest, exchange, readPublicConfig, revoke, type Client, type Exchange, type PublicConfig } from './runtime';
