import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Request, Response } from '../http/message';
import type { Route } from '../http/routes';
import { siteOf } from '../metadata/sites';
import type { Org } from '../org/org';
import { NOT_FOUND } from './rest-error';

const BOOTSTRAP_FOLDER = join(__dirname, '../bootstrap');
const FILES: ReadonlyMap<string, string> = new Map(
  readdirSync(BOOTSTRAP_FOLDER).map((name) => [name, readFileSync(join(BOOTSTRAP_FOLDER, name), 'utf8')]),
);

/**
 * The emulated chat client: its script and the modules that it loads. In Salesforce, a site of the org serves the script at
 * https://<domain>.my.site.com/ESW<name><timestamp>, only for chat deployments of type Web. This org also serves it for published
 * chat deployments of other types. (Salesforce playbook service-digital-engagement-deployment-configure)
 */
export const BOOTSTRAP_ROUTES: readonly Route[] = [
  { method: 'GET', path: /^\/ESW(\w+)\/assets\/js\/([\w.-]+)$/, isPublic: true, handle: serve },
];

function serve(org: Org, _request: Request, [site = '', file = '']: readonly string[]): Response {
  const content = FILES.get(file === 'bootstrap.min.js' ? 'bootstrap.js' : file);
  if (!hasSite(org, site) || content === undefined) return NOT_FOUND;
  const headers = { 'cache-control': 'no-cache', 'access-control-allow-origin': '*' };
  return { status: 200, type: 'text/javascript;charset=UTF-8', body: content, headers };
}

// The site of a published chat deployment. One without a site has the name of the chat deployment, with or without a timestamp of
// 13 digits.
function hasSite(org: Org, site: string): boolean {
  const published = org.metadata.ofType('EmbeddedServiceConfig').filter(({ record }) => record.published);
  if (published.some((deployment) => siteOf(org.metadata, deployment)?.path === `ESW${site}`)) return true;
  return [site, site.replace(/\d{13}$/, '')].some(
    (name) => org.metadata.find('EmbeddedServiceConfig', name)?.record.published !== undefined,
  );
}
