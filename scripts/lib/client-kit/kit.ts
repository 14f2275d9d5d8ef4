import { kotlinSource } from './android-source';
import type { ChannelConnection } from './channel-connection';
import { allowlistEntries, type AllowlistEntry } from './allowlist';
import { chatDeploymentFor, findPlaceholders, type Placeholder } from './placeholders';
import { sdkConfigFile, swiftSource } from './ios-source';
import { webSnippet } from './web-snippet';

export const CLIENTS = ['web', 'ios', 'android'] as const;
export type Client = (typeof CLIENTS)[number];

export interface KitFile {
  /** Relative to the folder of the channel. */
  readonly path: string;
  readonly text: string;
}

/** The files and settings of one kind of client for one channel of one org. */
export interface Kit {
  readonly client: Client;
  readonly files: readonly KitFile[];
  readonly entries: readonly AllowlistEntry[];
  readonly gaps: readonly Placeholder[];
  readonly notes: readonly string[];
}

/** Builds the kit of a client. On an unverified channel it contains no code for tokens. */
export function buildKit(client: Client, connection: ChannelConnection, pages: readonly string[]): Kit {
  const files = FILE_BUILDERS[client](connection);
  const entries = client === 'web' ? allowlistEntries(connection, pages) : [];
  const text = [...files.map((file) => file.text), ...entries.map(({ value }) => value)].join('\n');
  return { client, files, entries, gaps: findPlaceholders(text, connection), notes: kitNotes(client, connection) };
}

/** The types of chat deployments that a client can use. */
const DEPLOYMENT_TYPES = { web: ['Web'], ios: ['Mobile', 'API'], android: ['Mobile', 'API'] } as const;

/** Checks whether a channel can serve a client: it has a chat deployment for it, or none is known. */
export const canServe = (connection: ChannelConnection, client: Client): boolean =>
  connection.deployments.length === 0 || chatDeploymentFor(connection, DEPLOYMENT_TYPES[client]) !== undefined;

const FILE_BUILDERS: Readonly<Record<Client, (connection: ChannelConnection) => readonly KitFile[]>> = {
  web: (connection) => [{ path: 'web/snippet.html', text: webSnippet(connection) }],
  ios: (connection) => [
    { path: 'ios/configFile.json', text: sdkConfigFile(connection) },
    ...(connection.verified ? [{ path: 'ios/CustomerIdentity.swift', text: swiftSource(connection) }] : []),
  ],
  android: (connection) => [
    { path: 'android/configFile.json', text: sdkConfigFile(connection) },
    ...(connection.verified ? [{ path: 'android/CustomerIdentity.kt', text: kotlinSource(connection) }] : []),
  ],
};

function kitNotes(client: Client, connection: ChannelConnection): readonly string[] {
  const unverifiedNotes = connection.verified
    ? []
    : [`User verification is off on ${connection.channel}. Its clients send no token.`];
  const deployment = chatDeploymentFor(connection, DEPLOYMENT_TYPES[client]);
  const typeNotes =
    deployment?.type === 'API'
      ? [
          `${deployment.name} is a chat deployment of type API, for clients of the Enhanced Chat API. Setup offers configFile.json only for type Mobile, and no source says whether the SDKs accept type API. If your app can't start a chat with this file, add a chat deployment with deploymentType Mobile for ${connection.channel} to source, deploy it, and run client-kit again.`,
        ]
      : [];
  const webNotes = client === 'web' && !deployment ? [NO_WEB_DEPLOYMENT] : [];
  return [...unverifiedNotes, ...typeNotes, ...webNotes];
}

const NO_WEB_DEPLOYMENT =
  'The channel has no known chat deployment of type Web. Add one to source: a deploy creates it, with its site.';
