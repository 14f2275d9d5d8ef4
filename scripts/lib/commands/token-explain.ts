import {
  firstFailure,
  verifiedChannels,
  traceChannel,
  traceToken,
  type ChainStepResult,
  type OrgView,
  type ChainTrace,
  parseInput,
  findKnownErrors,
} from '../explain';
import type { Context } from '../cli';
import { EXIT, ToolError, type ExitCode } from '../errors';
import { planFleet, type PlannedOrg } from '../rollout';
import { type DesiredState, npmRun } from '../model';
import { loadProject } from '../project';
import { readOrgView } from '../verification';
import { serializeDocument, explanationText, type TokenExplanation, type OrgExplanation } from '../report';
import { Sf, type CliWorkerPool } from '../sf';
import { readToken, type TokenReading } from '../token';
import { chatApiUrlFor } from '../chat-api';
import type { ExplainFlags } from './token-flags';

/** Runs `use` with CLI workers. Without --from-org it isn't called, because no org is contacted. */
export type UseWorkers = <T>(use: (workers: CliWorkerPool) => Promise<T>) => Promise<T>;

/**
 * Checks a token, error or response against each org, step by step, and reports the first failed step. Only the header, the
 * claims and a fingerprint of a token are shown.
 */
export async function runExplain(
  context: Context<ExplainFlags>,
  input: string,
  useWorkers: UseWorkers,
): Promise<ExitCode> {
  const { flags, layout, print, printJson } = context;
  const parsedInput = parseInput(input);
  const reading = parsedInput.token === undefined ? undefined : readToken(parsedInput.token);
  const symptoms = findKnownErrors(parsedInput).map(({ name, cause, fix, source }) => ({ name, cause, fix, source }));
  if (!reading && symptoms.length === 0) throw unknownInputError(parsedInput.status);
  const orgs = await explainOrgs(context, reading, useWorkers);
  if (flags.channel !== undefined && orgs.every(({ channels, error }) => !error && channels.length === 0))
    throw noVerifiedChannelError(flags.channel, orgs);
  const isHealthy = orgs.some(
    ({ channels, error }) => !error && channels.length > 0 && channels.every(({ broken }) => !broken),
  );
  const exitCode =
    isHealthy && symptoms.length === 0 ? EXIT.done : orgs.every(({ error }) => error) ? EXIT.unreachable : EXIT.failed;
  const explanation: TokenExplanation = {
    input: { kind: parsedInput.kind, isToken: reading !== undefined, ...shownTokenParts(reading) },
    symptoms,
    orgs,
    view: flags.fromOrg ? 'org' : 'source',
  };
  print(explanationText(layout, explanation));
  printJson(serializeDocument({ command: 'token explain', exitCode, findings: [], ...explanation }));
  return exitCode;
}

/** Without a token or a known error, the steps would say nothing about the input. */
const unknownInputError = (status: number | undefined): ToolError =>
  new ToolError(
    'unknown-input',
    {
      what: 'The input contains no token and no known error. No org was contacted.',
      why: `The input is compared with known errors of the Enhanced Chat API, of browsers, of deploys, and of Setup.${status === undefined ? '' : ` The status ${status} alone doesn't tell the cause.`}`,
      fix: `Pass the identity token, the whole message of the console or of the deploy, or the whole HTTP response with its status. To check the org without a token: ${npmRun('verify')}`,
    },
    { exit: EXIT.invalid },
  );

const noVerifiedChannelError = (channel: string, orgs: readonly OrgExplanation[]): ToolError =>
  new ToolError(
    'unknown-component',
    {
      what: `${channel} isn't a verified channel of ${orgs.map(({ alias }) => alias).join(', ')}.`,
      why: '--channel expects the developer name of a channel with authMode Auth.',
      fix: 'Omit --channel to check all verified channels.',
    },
    { exit: EXIT.invalid },
  );

const shownTokenParts = (reading: TokenReading | undefined): Partial<TokenExplanation['input']> =>
  reading?.token
    ? {
        fingerprint: reading.token.fingerprint,
        header: hideOtherValues(reading.token.header, SHOWN_HEADER_MEMBERS),
        claims: hideOtherValues(reading.token.claims, SHOWN_CLAIMS),
      }
    : {};

const SHOWN_HEADER_MEMBERS = ['alg', 'kid', 'typ'];
const SHOWN_CLAIMS = ['iss', 'sub', 'aud', 'iat', 'nbf', 'exp'];

/** The members of an object. Values of members that aren't in `shown` are hidden. */
const hideOtherValues = (
  object: Readonly<Record<string, unknown>>,
  shown: readonly string[],
): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [name, shown.includes(name) ? value : '...']));

async function explainOrgs(
  context: Context<ExplainFlags>,
  reading: TokenReading | undefined,
  useWorkers: UseWorkers,
): Promise<readonly OrgExplanation[]> {
  const { flags, now } = context;
  const project = loadProject(
    flags.project,
    { orgs: flags.org, ...(flags.wave !== undefined && { wave: flags.wave }) },
    now,
  );
  if (!flags.fromOrg) return project.orgs.map((desired) => explainOrg(sourceView(desired), desired, reading, context));
  return useWorkers(async (workers) => {
    const sf = new Sf(workers, project.apiVersion);
    const fleet = await planFleet(sf, project.orgs, { apiVersion: project.apiVersion, onResult: () => undefined });
    return Promise.all(fleet.map((planned) => explainLiveOrg(sf, planned, reading, context)));
  });
}

const sourceView = ({ org, components }: DesiredState): OrgView => ({
  alias: org.alias,
  view: 'source',
  components,
  endpoints: new Map(),
});

async function explainLiveOrg(
  sf: Sf,
  { desired, live, result }: PlannedOrg,
  reading: TokenReading | undefined,
  context: Context<ExplainFlags>,
): Promise<OrgExplanation> {
  const { alias, orgId } = desired.org;
  if (!live) return { alias, channels: [], ...(result.error && { error: result.error }) };
  const chatApiUrl = await chatApiUrlFor(sf, desired.org);
  const viewOptions = {
    alias,
    orgId,
    chatApiUrl,
    now: context.now,
    allowLoopback: context.flags.allowLoopback,
  };
  return explainOrg(await readOrgView(live, viewOptions), desired, reading, context);
}

/** Explains each verified channel of an org, or the selected one. A channel that only the source declares is reported as missing. */
function explainOrg(
  orgView: OrgView,
  desired: DesiredState,
  reading: TokenReading | undefined,
  { flags, now }: Context<ExplainFlags>,
): OrgExplanation {
  const at = flags.at ?? now;
  const isSelected = ({ fullName }: { readonly fullName: string }): boolean =>
    flags.channel === undefined || fullName === flags.channel;
  const declaredChannels = verifiedChannels(sourceView(desired), desired.components).filter(isSelected);
  const liveChannels = verifiedChannels(orgView, desired.components).filter(isSelected);
  const trace = (view: OrgView, channel: (typeof liveChannels)[number]): ChainTrace =>
    reading ? traceToken(view, channel, reading, at) : traceChannel(view, channel, at);
  const explainedChannels = liveChannels.map((channel) => {
    const declared = declaredChannels.find(({ fullName }) => fullName === channel.fullName);
    return explainChannel(trace(orgView, channel), declared && trace(sourceView(desired), declared), desired.org.alias);
  });
  const missingChannels = declaredChannels.filter(
    ({ fullName }) => !liveChannels.some((channel) => channel.fullName === fullName),
  );
  return {
    alias: desired.org.alias,
    channels: [
      ...explainedChannels,
      ...missingChannels.map(({ fullName }) => missingChannel(fullName, desired.org.alias)),
    ],
  };
}

/** If a step fails in the org but passes in the source, the fix is to deploy. */
function explainChannel(
  trace: ChainTrace,
  sourceTrace: ChainTrace | undefined,
  alias: string,
): OrgExplanation['channels'][number] {
  const failure = firstFailure(trace);
  const isRightInSource =
    failure && sourceTrace?.steps.some(({ link, state }) => link === failure.link && state === 'passed');
  const broken = failure && {
    ...failure,
    fix: isRightInSource ? `Deploy the source, which is correct: ${npmRun('deploy', '--org', alias)}` : failure.fix,
  };
  return { channel: trace.channel, links: trace.steps, ...(broken && { broken }) };
}

const missingChannel = (channel: string, alias: string): OrgExplanation['channels'][number] => {
  const fix = npmRun('deploy', '--org', alias);
  const broken = {
    link: 'channel',
    state: 'failed',
    detail: `The org has no channel ${channel}.`,
    fix,
  } as const satisfies ChainStepResult;
  return { channel, links: [broken], broken };
};
