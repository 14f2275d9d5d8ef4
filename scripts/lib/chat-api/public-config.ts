import { z } from 'zod';
import { redactTokens } from '../token';
import { sendRequest } from './http';
import { errorMessageOf, timeoutOption, type ChatApiClient } from './client';

/** What anybody may know of a deployment without a login. */
export type PublicConfig =
  | { readonly authMode: string; readonly problem?: undefined }
  | { readonly authMode?: undefined; readonly problem: string; readonly unreachable: boolean };

const publicConfigSchema = z.object({
  embeddedServiceConfig: z.object({ embeddedServiceMessagingChannel: z.object({ authMode: z.string() }) }),
});

/** Reads the public configuration of a deployment, as the web client does before anything else (its bootstrap script). */
export async function readPublicConfig(client: ChatApiClient): Promise<PublicConfig> {
  const { chatApiUrl, orgId, chatDeployment } = client;
  const query = new URLSearchParams({ orgId: orgId.slice(0, 15), esConfigName: chatDeployment, language: 'en_US' });
  const url = `${chatApiUrl}/embeddedservice/v1/embedded-service-config?${query.toString()}`;
  const { status, body, problem } = await sendRequest({ method: 'GET', url, ...timeoutOption(client) });
  if (status === undefined || problem !== undefined)
    return { problem: problem ?? 'There was no answer.', unreachable: status === undefined };
  if (status >= 400)
    return { problem: `It is not served (${status} ${errorMessageOf(body)}).`.replace(' )', ')'), unreachable: false };
  const { data } = publicConfigSchema.safeParse(body);
  if (!data) return { problem: 'The answer does not say an authMode.', unreachable: false };
  return { authMode: redactTokens(data.embeddedServiceConfig.embeddedServiceMessagingChannel.authMode) };
}
