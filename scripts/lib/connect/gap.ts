import type { Connection, Deployment } from './connection';

/** A value that is not known here. Its mark stands in the text instead, so that nobody takes a guess for it. */
export interface Gap {
  readonly mark: string;
  readonly what: string;
  readonly where: string;
}

export const MARKS = {
  site: 'REPLACE_WITH_SITE_URL',
  runtime: 'REPLACE_WITH_SCRT2_URL',
  deployment: 'REPLACE_WITH_DEPLOYMENT_NAME',
} as const;

/** The deployment for a kind of client: of the types that it can use, the first that there is. */
export const deploymentFor = (connection: Connection, types: readonly string[]): Deployment | undefined =>
  types.flatMap((type) => connection.deployments.filter((each) => each.type === type))[0];

export const runtimeOrMark = ({ runtime }: Connection): string => runtime ?? MARKS.runtime;

/** What is missing in a text that was made for a connection, and where it is found. */
export const gapsIn = (text: string, { channel, org }: Connection): readonly Gap[] =>
  [
    {
      mark: MARKS.deployment,
      what: 'API name of the deployment',
      where: `Setup of ${org}, Embedded Service Deployments: one that serves ${channel}. A website needs type Web, an app type Mobile.`,
    },
    {
      mark: MARKS.site,
      what: 'address of the deployment’s site',
      where: `Setup of ${org}, Embedded Service Deployments, Install Code Snippet: the third argument of init. Where the CLI is logged in, connect reads it for type Web.`,
    },
    {
      mark: MARKS.runtime,
      what: 'address of the messaging runtime',
      where: `Setup of ${org}, Embedded Service Deployments, Install Code Snippet: scrt2URL. State it in the org file, or log in.`,
    },
  ].filter(({ mark }) => text.includes(mark));
