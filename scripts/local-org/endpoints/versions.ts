import { json, type Response } from '../http/message';
import type { Route } from '../http/routes';
import { MAX_API_VERSION, MIN_API_VERSION } from '../versions';
import type { Org } from '../org/org';
import { identityUrl } from './login';

const SEASONS = ['Winter', 'Spring', 'Summer'];

/**
 * The list of API versions, the resources of a version, and the headers of the login page, which clients read to reach an org. That
 * the page answers HEAD with 200 isn't documented.
 */
export const VERSION_ROUTES: readonly Route[] = [
  { method: 'HEAD', path: /^\/$/, isPublic: true, handle: () => ({ status: 200, type: 'text/html', body: '' }) },
  { method: 'GET', path: /^\/services\/data\/?$/, isPublic: true, handle: () => json(VERSIONS) },
  { method: 'GET', path: /^\/services\/data\/v(\d+\.\d)\/?$/, handle: resources },
];

const VERSIONS = Array.from({ length: MAX_API_VERSION - MIN_API_VERSION + 1 }, (_, index) =>
  versionEntry(MIN_API_VERSION + index),
);

// There are three releases a year. 62.0 is Winter '25.
function versionEntry(version: number) {
  const year = 25 + Math.floor((version - 62) / 3);
  const season = SEASONS[(version - MIN_API_VERSION + 2) % 3];
  return { label: `${season} '${year}`, url: `/services/data/v${version}.0`, version: `${version}.0` };
}

/** The resources of a version that this org has. (REST API guide, Resources by Version) */
function resources(org: Org, _request: unknown, [version]: readonly string[]): Response {
  const root = `/services/data/v${version}`;
  const names = ['composite', 'connect', 'limits', 'metadata', 'query', 'queryAll', 'recent', 'sobjects', 'tooling'];
  return json({ ...Object.fromEntries(names.map((name) => [name, `${root}/${name}`])), identity: identityUrl(org) });
}
