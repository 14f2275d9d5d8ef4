import { kotlin } from './android';
import type { Connection } from './connection';
import { entriesOf, type Entry } from './entries';
import { deploymentFor, gapsIn, type Gap } from './gap';
import { configFile, swift } from './ios';
import { webSnippet } from './web';

export const CLIENTS = ['web', 'ios', 'android'] as const;
export type Client = (typeof CLIENTS)[number];

export interface KitFile {
  /** Relative to the folder of the channel. */
  readonly path: string;
  readonly text: string;
}

/** What one client team needs for one channel of one org. */
export interface Kit {
  readonly client: Client;
  readonly files: readonly KitFile[];
  readonly entries: readonly Entry[];
  readonly gaps: readonly Gap[];
  readonly notes: readonly string[];
}

/** Makes the kit of a client team. A channel for guests gets what chats without a token need. */
export function kitOf(client: Client, connection: Connection, pages: readonly string[]): Kit {
  const files = FILES[client](connection);
  const entries = client === 'web' ? entriesOf(connection, pages) : [];
  const text = [...files.map((file) => file.text), ...entries.map(({ value }) => value)].join('\n');
  return { client, files, entries, gaps: gapsIn(text, connection), notes: notesOf(client, connection) };
}

const FILES: Readonly<Record<Client, (connection: Connection) => readonly KitFile[]>> = {
  web: (connection) => [{ path: 'web/snippet.html', text: webSnippet(connection) }],
  ios: (connection) => [
    { path: 'ios/configFile.json', text: configFile(connection) },
    ...(connection.verified ? [{ path: 'ios/CustomerIdentity.swift', text: swift(connection) }] : []),
  ],
  android: (connection) => [
    { path: 'android/configFile.json', text: configFile(connection) },
    ...(connection.verified ? [{ path: 'android/CustomerIdentity.kt', text: kotlin(connection) }] : []),
  ],
};

function notesOf(client: Client, connection: Connection): readonly string[] {
  const guests = connection.verified ? [] : [`${connection.channel} is for guests: its clients send no token.`];
  const app = client === 'web' ? undefined : deploymentFor(connection, ['Mobile', 'API']);
  const type =
    app?.type === 'API'
      ? [`${app.name} is a deployment of type API. Setup offers configFile.json for type Mobile.`]
      : [];
  const web = client === 'web' && !deploymentFor(connection, ['Web']) ? [NO_WEB] : [];
  return [...guests, ...type, ...web];
}

const NO_WEB =
  'No deployment of type Web is known for the channel. Only Setup can create one: Embedded Service Deployments, New.';
