import { z } from 'zod';
import { withoutTokens } from '../token';
import { ask } from './ask';
import { messageOf, patienceOf, type Client } from './runtime';

/** What anybody may know of a deployment without a login. */
export type PublicConfig =
  | { readonly authMode: string; readonly problem?: undefined }
  | { readonly authMode?: undefined; readonly problem: string; readonly unreachable: boolean };

const publicConfig = z.object({
  embeddedServiceConfig: z.object({ embeddedServiceMessagingChannel: z.object({ authMode: z.string() }) }),
});

/** Reads the public configuration of a deployment, as the web client does before anything else (its bootstrap script). */
export async function readPublicConfig(client: Client): Promise<PublicConfig> {
  const { runtime, orgId, deployment } = client;
  const query = new URLSearchParams({ orgId: orgId.slice(0, 15), esConfigName: deployment, language: 'en_US' });
  const url = `${runtime}/embeddedservice/v1/embedded-service-config?${query.toString()}`;
  const { status, body, problem } = await ask({ method: 'GET', url, ...patienceOf(client) });
  if (status === undefined || problem !== undefined)
    return { problem: problem ?? 'There was no answer.', unreachable: status === undefined };
  if (status >= 400)
    return { problem: `It is not served (${status} ${messageOf(body)}).`.replace(' )', ')'), unreachable: false };
  const { data } = publicConfig.safeParse(body);
  if (!data) return { problem: 'The answer does not say an authMode.', unreachable: false };
  return { authMode: withoutTokens(data.embeddedServiceConfig.embeddedServiceMessagingChannel.authMode) };
}
