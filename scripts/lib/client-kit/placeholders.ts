import type { ChannelConnection, ChatDeployment } from './channel-connection';

/** A value that is not known here. Its mark stands in the text instead, so that nobody takes a guess for it. */
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

/** The deployment for a kind of client: of the types that it can use, the first that there is. */
export const chatDeploymentFor = (
  connection: ChannelConnection,
  types: readonly string[],
): ChatDeployment | undefined =>
  types.flatMap((type) => connection.deployments.filter((each) => each.type === type))[0];

export const chatApiUrlOrPlaceholder = ({ runtime }: ChannelConnection): string => runtime ?? PLACEHOLDERS.runtime;

/** What is missing in a text that was made for a connection, and where it is found. */
export const findPlaceholders = (text: string, { channel, org }: ChannelConnection): readonly Placeholder[] =>
  [
    {
      mark: PLACEHOLDERS.deployment,
      what: 'API name of the deployment',
      where: `Setup of ${org}, Embedded Service Deployments: one that serves ${channel}. A website needs type Web, an app type Mobile.`,
    },
    {
      mark: PLACEHOLDERS.site,
      what: 'address of the deployment’s site',
      where: `Setup of ${org}, Embedded Service Deployments, Install Code Snippet: the third argument of init. Where the CLI is logged in, client-kit reads it for type Web.`,
    },
    {
      mark: PLACEHOLDERS.runtime,
      what: 'address of the messaging runtime',
      where: `Setup of ${org}, Embedded Service Deployments, Install Code Snippet: scrt2URL. State it in the org file, or log in.`,
    },
  ].filter(({ mark }) => text.includes(mark));
