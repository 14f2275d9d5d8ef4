import { NO_CONTENT, type Request, type Response } from '../http/message';
import { tryParseDocument } from '../metadata/store';
import { childText } from '../metadata/xml';
import type { Org } from '../org/org';

/** Paths of the Enhanced Chat API. */
export const CHAT_API_PATH = /^\/(iamessage|eventrouter|embeddedservice)\//;
const LOOPBACK_ORIGIN = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

const PREFLIGHT_HEADERS = {
  'access-control-allow-methods': 'GET, POST, DELETE, OPTIONS',
  // EventSource polyfills, such as the one in Salesforce's Web API sample app, send cache-control.
  'access-control-allow-headers': 'authorization, content-type, accept, cache-control, last-event-id, x-org-id',
  'access-control-max-age': '600',
};

/**
 * Adds the CORS headers of the Enhanced Chat API for origins in the org's CORS list (CorsWhitelistOrigin), and for loopback
 * origins if the org's settings allow them. Other origins get no header, so their browser blocks the response. (Observed in a
 * live org)
 */
export function withCorsHeaders(org: Org, request: Request, response: Response): Response {
  if (!CHAT_API_PATH.test(request.path)) return response;
  const { origin } = request.headers;
  const allowed = origin !== undefined && isAllowedOrigin(org, origin) ? { 'access-control-allow-origin': origin } : {};
  return { ...response, headers: { ...response.headers, vary: 'origin', ...allowed } };
}

/** The response to a preflight request; undefined for any other request. */
export function preflightResponse({ method, path }: Request): Response | undefined {
  return method === 'OPTIONS' && CHAT_API_PATH.test(path) ? { ...NO_CONTENT, headers: PREFLIGHT_HEADERS } : undefined;
}

function isAllowedOrigin(org: Org, origin: string): boolean {
  if (org.chatApi.loopbackOrigins && LOOPBACK_ORIGIN.test(origin)) return true;
  const patterns = org.metadata.ofType('CorsWhitelistOrigin').map(tryParseDocument);
  return patterns.some((root) => originMatches(origin, childText(root, 'urlPattern') ?? ''));
}

// A wildcard matches one or more subdomains. (Metadata API guide, CorsWhitelistOrigin)
function originMatches(origin: string, pattern: string): boolean {
  const [before = '', after] = pattern.toLowerCase().replace(/\/$/, '').split('*', 2);
  const candidate = origin.toLowerCase();
  if (after === undefined) return candidate === before;
  return candidate.startsWith(before) && candidate.endsWith(after) && candidate.length > before.length + after.length;
}
