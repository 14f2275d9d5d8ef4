export { chatApiUrlFor, chatApiUrlOf } from './chat-api-url';
export { readPublicConfig, type PublicConfig } from './public-config';
export { requestUnverifiedToken, exchangeToken, revokeToken, type ChatApiClient, type ExchangeResult } from './client';
