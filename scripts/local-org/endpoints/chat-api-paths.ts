export const V2_CONVERSATION = '/iamessage/api/v2/conversation';
export const V1_CONVERSATION = '/iamessage/v1/conversation';
/** In v1, the endpoints that read conversations. */
export const V1_QUERIES = '/iamessage/v1/queries/conversation';

/** Matches a path exactly, with or without a slash at the end. */
export function pathPattern(path: string): RegExp {
  return new RegExp(`^${path}/?$`);
}
