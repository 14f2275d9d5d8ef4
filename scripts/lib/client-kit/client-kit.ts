import type { Context } from '../cli';
import { EXIT, ToolError, type ExitCode } from '../errors';
import { hasError, type DesiredState } from '../model';
import { loadProject } from '../project';
import { serializeDocument, findingsText } from '../report';
import { Sf, type CliWorkerPool } from '../sf';
import { channelConnections, type ChannelConnection } from './channel-connection';
import type { ClientKitFlags } from './flags';
import { CLIENTS, buildKit, canServe, type Client, type Kit } from './kit';
import { readOrgFacts } from './org-facts';
import { channelKitText } from './kit-text';
import { writeKit } from './write-kit';

/** The kits of one org, by channel. */
interface OrgKits {
  readonly desired: DesiredState;
  readonly channels: readonly { readonly connection: ChannelConnection; readonly kits: readonly Kit[] }[];
}

/** Prints or writes the client settings of each org. Changes nothing in any org. */
export async function runClientKit(context: Context<ClientKitFlags>, workers: CliWorkerPool): Promise<ExitCode> {
  const { flags, layout, now, print, log, printJson } = context;
  const { orgs, findings, apiVersion } = loadProject(flags.project, selectionFrom(flags), now);
  if (hasError(findings)) {
    print(findingsText(layout, findings));
    printJson(serializeDocument({ command: 'client-kit', exitCode: EXIT.invalid, findings, orgs: [] }));
    return EXIT.invalid;
  }
  assertKnownChannels(orgs, flags.channel);
  const sf = new Sf(workers, apiVersion);
  const orgKits = await Promise.all(orgs.map((desired) => buildOrgKits(desired, sf, flags, log)));
  orgKits.forEach((each) => printKits(each, context));
  const document = { command: 'client-kit', exitCode: EXIT.done, findings, orgs: orgKits.map(orgDocument) };
  printJson(serializeDocument(document));
  return EXIT.done;
}

const selectionFrom = ({ org, wave }: Context['flags']): { orgs: readonly string[]; wave?: number } => ({
  orgs: org,
  ...(wave !== undefined && { wave }),
});

function assertKnownChannels(orgs: readonly DesiredState[], wanted: readonly string[]): void {
  const names = [...new Set(orgs.flatMap(({ org }) => org.channels))];
  const unknown = wanted.find((name) => !names.includes(name));
  if (unknown === undefined) return;
  const why = `Their channels are: ${names.join(', ') || 'none'}.`;
  const explanation = {
    what: `The selected orgs have no channel "${unknown}".`,
    why,
    fix: 'Specify one of these channels with --channel.',
  };
  throw new ToolError('unknown-component', explanation, { exit: EXIT.invalid });
}

async function buildOrgKits(
  desired: DesiredState,
  sf: Sf,
  { client, channel, page }: ClientKitFlags,
  progress: Context['log'],
): Promise<OrgKits> {
  const live = await readOrgFacts(sf, desired);
  if (live.unreadReason !== undefined)
    progress(
      `${desired.org.alias} was not read. ${live.unreadReason} Values that only the org contains are placeholders.`,
    );
  const clients = CLIENTS.filter((each) => client.length === 0 || client.includes(each));
  const isSelected = (each: ChannelConnection): boolean =>
    channel.length > 0 ? channel.includes(each.channel) : client.length === 0 || canServeAny(each, clients, progress);
  const channels = channelConnections(desired, live)
    .filter(isSelected)
    .map((connection) => ({ connection, kits: clients.map((each) => buildKit(each, connection, page)) }));
  return { desired, channels };
}

/** Reports a channel that none of the clients can use. */
function canServeAny(connection: ChannelConnection, clients: readonly Client[], progress: Context['log']): boolean {
  if (clients.some((each) => canServe(connection, each))) return true;
  const { channel, org } = connection;
  progress(
    `${channel} of ${org} is omitted: it has no chat deployment for ${clients.join(' or ')}. To print it: --channel ${channel}`,
  );
  return false;
}

/** A file is the same on every terminal. */
const README_LAYOUT = { columns: 80, color: false };

function printKits({ channels }: OrgKits, { flags: { out }, layout, print }: Context<ClientKitFlags>): void {
  for (const { connection, kits } of channels) {
    if (out === undefined) {
      print(`${channelKitText(layout, connection, kits, 'whole')}\n`);
      continue;
    }
    const readme = { path: 'README.txt', text: `${channelKitText(README_LAYOUT, connection, kits, 'named')}\n` };
    const folder = `${connection.org}/${connection.channel}`;
    const files = [readme, ...kits.flatMap((kit) => kit.files)];
    writeKit(
      out,
      files.map(({ path, text }) => ({ path: `${folder}/${path}`, text })),
    ).forEach((file) => print(file));
  }
}

const orgDocument = ({ desired: { org }, channels }: OrgKits): object => ({
  alias: org.alias,
  orgId: org.orgId,
  kind: org.kind,
  channels: channels.map(({ connection, kits }) => ({ ...connection, kits })),
});
