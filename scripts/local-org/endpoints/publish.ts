import { ApiError } from '../api-error';
import { sameId } from '../identifiers';
import { json, type Response } from '../http/message';
import type { Route } from '../http/routes';
import { logEvent, type Org } from '../org/org';
import { runStep } from '../org/steps';
import { publish as publishNow } from '../chat-api/publish';
import { NOT_FOUND } from './rest-error';

const path = /^\/services\/data\/v(\d+\.\d)\/connect\/embeddedservice\/embeddedserviceconfig\/publish\/(\w{15,18})\/?$/;

/**
 * Publishes a chat deployment. Available from 67.0; status 404 was observed with 62.0 and 64.0. Safe to rerun. (Salesforce
 * playbooks service-itsm-teams-employee-agent-configure and service-itsm-teams-debug)
 */
export const PUBLISH_ROUTES: readonly Route[] = [{ method: 'POST', path, handle: publish }];

function publish(org: Org, _request: unknown, [version, id = '']: readonly string[]): Promise<Response> | Response {
  const deployment = org.metadata.ofType('EmbeddedServiceConfig').find(({ record }) => sameId(record.id, id));
  if (Number(version) < 67 || !deployment) return NOT_FOUND;
  return runStep(org, 'publish', () => {
    if (deployment.record.published && org.assumptions.repeatedPublish === 'rejected')
      throw new ApiError('INVALID_OPERATION', 'The embedded service deployment is published already.');
    publishNow(org, deployment);
    logEvent(org, 'publish', { name: deployment.name });
    org.save();
    return json({ isSuccess: true }, 201);
  });
}
