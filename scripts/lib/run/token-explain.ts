import {
  firstBroken,
  verifiedChannels,
  walkChannel,
  walkToken,
  type LinkResult,
  type Picture,
  type Walk,
} from '../chain';
import type { Context } from '../cli';
import { EXIT, ToolError, type ExitCode } from '../errors';
import { planFleet, type Planned } from '../fleet';
import type { Desired } from '../model';
import { loadProject } from '../project';
import { pictureOf } from '../proof';
import { explanationText, type Explained, type ExplainedOrg } from '../report';
import { Sf, type HostPool } from '../sf';
import { readPasted, symptomsOf } from '../symptom';
import { readToken, type TokenReading } from '../token';
import { runtimeFor } from './prove';
import type { ExplainFlags } from './token-flags';

/** Lends CLI hosts for as long as they are used: without --live no org is asked. */
export type Lend = <T>(use: (hosts: HostPool) => Promise<T>) => Promise<T>;

/**
 * Walks what was pasted through each org, link by link, and names the first broken one. Of a token nothing is shown but its
 * header, its claims and a fingerprint.
 */
export async function runExplain(context: Context<ExplainFlags>, input: string, lend: Lend): Promise<ExitCode> {
  const { flags, page, show, document } = context;
  const pasted = readPasted(input);
  const reading = pasted.token === undefined ? undefined : readToken(pasted.token);
  const symptoms = symptomsOf(pasted).map(({ name, cause, fix, source }) => ({ name, cause, fix, source }));
  const orgs = await explained(context, reading, lend);
  if (flags.channel !== undefined && orgs.every(({ channels, error }) => !error && channels.length === 0))
    throw noChannel(flags.channel, orgs);
  const isHealthy = orgs.some(
    ({ channels, error }) => !error && channels.length > 0 && channels.every(({ broken }) => !broken),
  );
  const exitCode =
    isHealthy && symptoms.length === 0 ? EXIT.done : orgs.every(({ error }) => error) ? EXIT.unreachable : EXIT.failed;
  const told: Explained = {
    input: { kind: pasted.kind, isToken: reading !== undefined, ...shownOf(reading) },
    symptoms,
    orgs,
    view: flags.live ? 'org' : 'source',
  };
  show(explanationText(page, told));
  document(JSON.stringify({ command: 'token explain', exitCode, findings: [], ...told }, null, 2));
  return exitCode;
}

const noChannel = (channel: string, orgs: readonly ExplainedOrg[]): ToolError =>
  new ToolError(
    'unknown-component',
    {
      what: `No channel ${channel} verifies customers in ${orgs.map(({ alias }) => alias).join(', ')}.`,
      why: 'A name is the developer name of a channel that the org gets, with authMode Auth.',
      fix: 'Leave --channel out: all channels that verify are looked at then.',
    },
    { exit: EXIT.invalid },
  );

const shownOf = (reading: TokenReading | undefined): Partial<Explained['input']> =>
  reading?.token
    ? {
        fingerprint: reading.token.fingerprint,
        header: namesIn(reading.token.header, HEADER),
        claims: namesIn(reading.token.claims, CLAIMS),
      }
    : {};

const HEADER = ['alg', 'kid', 'typ'];
const CLAIMS = ['iss', 'sub', 'aud', 'iat', 'nbf', 'exp'];

/** Registered members with their value; of others only that they are there. */
const namesIn = (
  members: Readonly<Record<string, unknown>>,
  shown: readonly string[],
): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(members).map(([name, value]) => [name, shown.includes(name) ? value : '...']));

async function explained(
  context: Context<ExplainFlags>,
  reading: TokenReading | undefined,
  lend: Lend,
): Promise<readonly ExplainedOrg[]> {
  const { flags, now } = context;
  const project = loadProject(
    flags.project,
    { orgs: flags.org, ...(flags.wave !== undefined && { wave: flags.wave }) },
    now,
  );
  if (!flags.live) return project.orgs.map((desired) => orgOf(sourceOf(desired), desired, reading, context));
  return lend(async (hosts) => {
    const sf = new Sf(hosts, project.apiVersion);
    const fleet = await planFleet(sf, project.orgs, { apiVersion: project.apiVersion, done: () => undefined });
    return Promise.all(fleet.map((planned) => liveOrg(sf, planned, reading, context)));
  });
}

const sourceOf = ({ org, components }: Desired): Picture => ({
  alias: org.alias,
  view: 'source',
  components,
  endpoints: new Map(),
});

async function liveOrg(
  sf: Sf,
  { desired, live, outcome }: Planned,
  reading: TokenReading | undefined,
  context: Context<ExplainFlags>,
): Promise<ExplainedOrg> {
  const { alias, orgId } = desired.org;
  if (!live) return { alias, channels: [], ...(outcome.error && { error: outcome.error }) };
  const runtime = await runtimeFor(sf, desired.org);
  const view = { alias, orgId, runtime, now: context.now, allowLoopback: context.flags.allowLoopback };
  return orgOf(await pictureOf(live, desired.components, view), desired, reading, context);
}

/** Every verified channel of an org, or the one that was asked for. A channel that only the source has is missing in the org. */
function orgOf(
  picture: Picture,
  desired: Desired,
  reading: TokenReading | undefined,
  { flags, now }: Context<ExplainFlags>,
): ExplainedOrg {
  const at = flags.at ?? now;
  const asked = ({ fullName }: { readonly fullName: string }): boolean =>
    flags.channel === undefined || fullName === flags.channel;
  const stated = verifiedChannels(sourceOf(desired), desired.components).filter(asked);
  const held = verifiedChannels(picture, desired.components).filter(asked);
  const walk = (where: Picture, channel: (typeof held)[number]): Walk =>
    reading ? walkToken(where, channel, reading, at) : walkChannel(where, channel, at);
  const walks = held.map((channel) => {
    const own = stated.find(({ fullName }) => fullName === channel.fullName);
    return explainedChannel(walk(picture, channel), own && walk(sourceOf(desired), own), desired.org.alias);
  });
  const lost = stated.filter(({ fullName }) => !held.some((channel) => channel.fullName === fullName));
  return {
    alias: desired.org.alias,
    channels: [...walks, ...lost.map(({ fullName }) => missing(fullName, desired.org.alias))],
  };
}

/** Where the source has a link right that the org has not, bringing the source to the org is what mends it. */
function explainedChannel(walk: Walk, source: Walk | undefined, alias: string): ExplainedOrg['channels'][number] {
  const gap = firstBroken(walk);
  const isRightInSource = gap && source?.links.some(({ link, state }) => link === gap.link && state === 'ok');
  const broken = gap && {
    ...gap,
    fix: isRightInSource ? `npm run deploy -- --org ${alias} (the source has it right).` : gap.fix,
  };
  return { channel: walk.channel, links: walk.links, ...(broken && { broken }) };
}

const missing = (channel: string, alias: string): ExplainedOrg['channels'][number] => {
  const fix = `npm run deploy -- --org ${alias}`;
  const broken = {
    link: 'channel',
    state: 'broken',
    detail: `The org has no channel ${channel}.`,
    fix,
  } as const satisfies LinkResult;
  return { channel, links: [broken], broken };
};
