export { chatApiUrlFor, chatApiUrlOf } from './chat-api-url';
export {
  exchangeToken,
  readPublicConfig,
  requestUnverifiedToken,
  revokeToken,
  type ChatApiClient,
  type ExchangeResult,
} from './client';
export { TokenBudget, type TokenRate } from './token-budget';
