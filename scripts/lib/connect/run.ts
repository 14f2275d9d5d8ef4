import type { Context } from '../cli';
import { EXIT, ToolError, type ExitCode } from '../errors';
import { hasError, type Desired } from '../model';
import { loadProject } from '../project';
import { documentText, findingsText } from '../report';
import { Sf, type HostPool } from '../sf';
import { connectionsOf, type Connection } from './connection';
import type { ConnectFlags } from './flags';
import { CLIENTS, kitOf, type Kit } from './kit';
import { readLive } from './live';
import { connectionText } from './text';
import { writeKit } from './write';

/** What the client teams of one org need, a channel each. */
interface Connected {
  readonly desired: Desired;
  readonly channels: readonly { readonly connection: Connection; readonly kits: readonly Kit[] }[];
}

/** Prints, or writes, what each client team needs from each org. Nothing in any org is changed. */
export async function runConnect(context: Context<ConnectFlags>, hosts: HostPool): Promise<ExitCode> {
  const { flags, page, now, show, progress, document } = context;
  const { orgs, findings, apiVersion } = loadProject(flags.project, selection(flags), now);
  if (hasError(findings)) {
    show(findingsText(page, findings));
    document(documentText({ command: 'connect', exitCode: EXIT.invalid, findings, orgs: [] }));
    return EXIT.invalid;
  }
  verifyChannels(orgs, flags.channel);
  const sf = new Sf(hosts, apiVersion);
  const connected = await Promise.all(orgs.map((desired) => connect(desired, sf, flags, progress)));
  connected.forEach((each) => tell(each, flags, show));
  const told = { command: 'connect', exitCode: EXIT.done, findings, orgs: connected.map(documentOf) };
  document(JSON.stringify(told, null, 2));
  return EXIT.done;
}

const selection = ({ org, wave }: Context['flags']): { orgs: readonly string[]; wave?: number } => ({
  orgs: org,
  ...(wave !== undefined && { wave }),
});

function verifyChannels(orgs: readonly Desired[], wanted: readonly string[]): void {
  const names = [...new Set(orgs.flatMap(({ org }) => org.channels))];
  const unknown = wanted.find((name) => !names.includes(name));
  if (unknown === undefined) return;
  const why = `The selected orgs have ${names.join(', ') || 'none'}.`;
  const explanation = { what: `There is no channel "${unknown}".`, why, fix: 'Name one of those: --channel.' };
  throw new ToolError('unknown-component', explanation, { exit: EXIT.invalid });
}

async function connect(
  desired: Desired,
  sf: Sf,
  { client, channel, page }: ConnectFlags,
  progress: Context['progress'],
): Promise<Connected> {
  const live = await readLive(sf, desired);
  if (live.unread !== undefined)
    progress(`${desired.org.alias} was not asked. ${live.unread} What only the org knows is marked.`);
  const connections = connectionsOf(desired, live).filter(
    (each) => channel.length === 0 || channel.includes(each.channel),
  );
  const clients = CLIENTS.filter((each) => client.length === 0 || client.includes(each));
  const channels = connections.map((connection) => ({
    connection,
    kits: clients.map((each) => kitOf(each, connection, page)),
  }));
  return { desired, channels };
}

function tell({ channels }: Connected, { out }: ConnectFlags, show: Context['show']): void {
  for (const { connection, kits } of channels) {
    if (out === undefined) {
      show(`${connectionText(connection, kits, 'whole')}\n`);
      continue;
    }
    const readme = { path: 'README.txt', text: `${connectionText(connection, kits, 'named')}\n` };
    const folder = `${connection.org}/${connection.channel}`;
    const files = [readme, ...kits.flatMap((kit) => kit.files)];
    writeKit(
      out,
      files.map(({ path, text }) => ({ path: `${folder}/${path}`, text })),
    ).forEach(show);
  }
}

const documentOf = ({ desired: { org }, channels }: Connected): object => ({
  alias: org.alias,
  orgId: org.orgId,
  kind: org.kind,
  channels: channels.map(({ connection, kits }) => ({ ...connection, kits })),
});
