import { NO_CONTENT, type Request, type Response } from '../http/exchange';
import { readableDocumentOf } from '../metadata/store';
import { childText } from '../metadata/xml';
import type { Org } from '../org/org';

const MESSAGING = /^\/(iamessage|eventrouter|embeddedservice)\//;
const LOOPBACK = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

const ALLOWED = {
  'access-control-allow-methods': 'GET, POST, DELETE, OPTIONS',
  'access-control-allow-headers': 'authorization, content-type, accept, last-event-id, x-org-id',
  'access-control-max-age': '600',
};

/**
 * Lets pages of other origins use the messaging runtime when the org's CORS list (CorsWhitelistOrigin) has them, or when
 * they come from loopback and the org is set to allow that. Others get no header, and their browser keeps the answer from
 * them. (Seen in a live org)
 */
export function sharedWith(org: Org, request: Request, response: Response): Response {
  if (!MESSAGING.test(request.path)) return response;
  const { origin } = request.headers;
  const shared = origin !== undefined && isListed(org, origin) ? { 'access-control-allow-origin': origin } : {};
  return { ...response, headers: { ...response.headers, vary: 'origin', ...shared } };
}

/** What a browser is answered when it asks before the request itself; undefined for any other request. */
export function preflightOf({ method, path }: Request): Response | undefined {
  return method === 'OPTIONS' && MESSAGING.test(path) ? { ...NO_CONTENT, headers: ALLOWED } : undefined;
}

function isListed(org: Org, origin: string): boolean {
  if (org.runtime.loopbackOrigins && LOOPBACK.test(origin)) return true;
  const patterns = org.metadata.ofType('CorsWhitelistOrigin').map(readableDocumentOf);
  return patterns.some((root) => matches(origin, childText(root, 'urlPattern') ?? ''));
}

// A wildcard stands for one or more subdomains. (Metadata API guide, CorsWhitelistOrigin)
function matches(origin: string, pattern: string): boolean {
  const [before = '', after] = pattern.toLowerCase().replace(/\/$/, '').split('*', 2);
  const given = origin.toLowerCase();
  if (after === undefined) return given === before;
  return given.startsWith(before) && given.endsWith(after) && given.length > before.length + after.length;
}
