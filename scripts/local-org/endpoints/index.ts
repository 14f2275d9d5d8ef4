import { bearerOf, type Request, type Response } from '../http/exchange';
import { findRoute, type Route } from '../http/routes';
import { settleDeployments } from '../jobs/deploy';
import type { Org } from '../org/org';
import { preflightOf, sharedWith } from './origins';
import { BOOTSTRAP_ROUTES } from './bootstrap';
import { DEPLOY_REQUEST_ROUTES } from './deploy-request';
import { PUBLISH_ROUTES } from './publish';
import { MESSAGING_ROUTES } from './messaging';
import { QUERY_ROUTES } from './query';
import { NO_SESSION, NOT_FOUND, restErrorOf } from './rest-error';
import { SOAP_ROUTES } from './soap';
import { SOBJECT_ROUTES } from './sobjects';
import { TOKEN_ROUTES } from './token';
import { VERSION_ROUTES } from './versions';

const ROUTES: readonly Route[] = [
  ...SOAP_ROUTES,
  ...VERSION_ROUTES,
  ...TOKEN_ROUTES,
  ...QUERY_ROUTES,
  ...SOBJECT_ROUTES,
  ...DEPLOY_REQUEST_ROUTES,
  ...PUBLISH_ROUTES,
  ...MESSAGING_ROUTES,
  ...BOOTSTRAP_ROUTES,
];

/** Answers any request, with an error of Salesforce's shape if it must be. Throws a BrokenOff only. */
export async function answerTo(org: Org, request: Request): Promise<Response> {
  return sharedWith(org, request, preflightOf(request) ?? (await answerOf(org, request)));
}

async function answerOf(org: Org, request: Request): Promise<Response> {
  try {
    if (settleDeployments(org)) org.save();
    const found = findRoute(ROUTES, request);
    if (!found?.route.open && !org.sessions.has(bearerOf(request))) return NO_SESSION;
    return found ? await found.route.handle(org, request, found.groups) : NOT_FOUND;
  } catch (error) {
    return restErrorOf(error);
  }
}
