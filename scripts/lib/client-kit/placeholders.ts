import type { ChannelConnection, ChatDeployment } from './channel-connection';

/** An unknown value. The text contains its placeholder `mark` instead of a guess. */
export interface Placeholder {
  readonly mark: string;
  readonly what: string;
  readonly where: string;
}

export const PLACEHOLDERS = {
  site: 'REPLACE_WITH_SITE_URL',
  runtime: 'REPLACE_WITH_SCRT2_URL',
  deployment: 'REPLACE_WITH_DEPLOYMENT_NAME',
} as const;

/** The chat deployment for a kind of client: the first one of the first type in `types` that exists. */
export const chatDeploymentFor = (
  connection: ChannelConnection,
  types: readonly string[],
): ChatDeployment | undefined =>
  types.flatMap((type) => connection.deployments.filter((each) => each.type === type))[0];

export const chatApiUrlOrPlaceholder = ({ runtime }: ChannelConnection): string => runtime ?? PLACEHOLDERS.runtime;

/** Returns the placeholders in a text, with the place where each value is found. */
export const findPlaceholders = (text: string, { channel, org }: ChannelConnection): readonly Placeholder[] =>
  [
    {
      mark: PLACEHOLDERS.deployment,
      what: 'API name of the chat deployment',
      where: `Setup of ${org}, Embedded Service Deployments: a chat deployment that serves ${channel}. A website needs type Web, an app type Mobile.`,
    },
    {
      mark: PLACEHOLDERS.site,
      what: 'site URL of the chat deployment',
      where: `Setup of ${org}, Embedded Service Deployments, Install Code Snippet: the third argument of init. If the CLI has a login, client-kit reads it.`,
    },
    {
      mark: PLACEHOLDERS.runtime,
      what: 'SCRT2 URL',
      where: `Setup of ${org}, Embedded Service Deployments, Install Code Snippet: scrt2URL. To avoid the placeholder, add it to the org file or log in with the CLI.`,
    },
  ].filter(({ mark }) => text.includes(mark));
