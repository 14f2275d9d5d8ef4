import type { OrgView } from '../explain';
import { unmanagedInUse, type Check, type Component, type VerificationScope } from '../model';
import { testAcceptance, notTested } from './acceptance';
import { channelKeys, expectedTokenOf, type ChannelKeys } from './channel-keys';
import { toCheck, failed, inconclusive, passed, type CheckResult } from './check';
import { configurationChecks, permissionCheck, unverifiedConfigurationChecks } from './configuration';
import type { VerifyOptions, ChannelContext, ChatContext, OrgContext, OrgUnderTest } from './context';
import { endpointChecks } from './endpoints';
import { chatApiClientFor, readOrgView, type OrgViewOptions } from './read-org-view';
import { rejectionChecks, type RejectionScope } from './rejection';
import { channelsInScope, testedChatDeployments, verifierOf, type ScopedChannel } from './scope';
import { signerChecks } from './signer';
import { TokenRequests } from './token-requests';
import { checkTrust } from './trust';
import { unverifiedChecks, unverifiedNotTested } from './unverified';

export interface VerificationResult {
  readonly checks: readonly Check[];
  readonly scope: VerificationScope;
  /** Whether the Enhanced Chat API responded. */
  readonly reached: boolean;
}

/**
 * Verifies each channel of an org: its configuration and JWKS endpoints, that each of its chat deployments accepts a valid
 * token and rejects forged ones, and that a customer has the same subject on all channels. Writes nothing to the org; access
 * tokens that it receives are revoked immediately. Never throws because of the org: each problem is a check.
 */
export async function verifyOrg(org: OrgUnderTest, options: VerifyOptions): Promise<VerificationResult> {
  const channels = channelsInScope(org);
  const orgView = await readOrgView(org.live, viewOptions(org, options));
  const context: OrgContext = { org, options, orgView, requests: new TokenRequests(options.budget) };
  const verifications = await verifyChannels(context, channels);
  const trust = await checkTrust(org, options);
  const [readFrom, readTo] = [org.readAt, trust.readTo].map((time) => time.toISOString());
  return {
    checks: [
      ...trust.checks,
      ...signerChecks(org),
      permissionCheck(org.live.facts.missingPermissions),
      ...verifications.flatMap(({ checks }) => checks),
      ...consistencyChecks(verifications.flatMap(({ matchedSubject }) => matchedSubject ?? [])),
    ],
    scope: { ...scopeOf(org, channels, verifications), ...(readFrom && readTo && { readFrom, readTo }) },
    reached: [...(orgView.published?.values() ?? [])].every(
      (each) => each.problem === undefined || each.state !== 'unreachable',
    ),
  };
}

const viewOptions = (
  { desired, live, chatApiUrl }: OrgUnderTest,
  { now, allowLoopback, timeoutMs, publishTimeoutMs }: VerifyOptions,
): OrgViewOptions => ({
  alias: desired.org.alias,
  orgId: live.facts.orgId,
  chatApiUrl,
  now: now(),
  allowLoopback,
  ...(timeoutMs !== undefined && { timeoutMs }),
  ...(publishTimeoutMs !== undefined && { publishTimeoutMs }),
});

function scopeOf(
  { desired, live }: OrgUnderTest,
  channels: readonly ScopedChannel[],
  verifications: readonly ChannelVerification[],
): VerificationScope {
  const unmanaged = unmanagedInUse(desired, live);
  const count = (kind: ScopedChannel['kind']): number => channels.filter((each) => each.kind === kind).length;
  return {
    verifiedChannels: count('verified'),
    unverifiedChannels: count('unverified'),
    inactiveChannels: count('inactive'),
    chatDeployments: new Set(verifications.flatMap(({ chatDeployments }) => chatDeployments)).size,
    ...(unmanaged.length > 0 && { unmanaged }),
  };
}

/** The subject of the test customer on a channel; undefined if the channel accepted no token. */
interface MatchedSubject {
  readonly channel: string;
  readonly authIdentifier: string;
  readonly subject?: string | undefined;
}

interface ChannelVerification {
  readonly checks: readonly Check[];
  /** Names of the chat deployments that tokens were sent to. */
  readonly chatDeployments: readonly string[];
  readonly matchedSubject?: MatchedSubject;
}

/** Verifies the channels in their order, at the same time. */
function verifyChannels(
  context: OrgContext,
  channels: readonly ScopedChannel[],
): Promise<readonly ChannelVerification[]> {
  const live = (name: string): Component | undefined => context.org.live.components.get(`MessagingChannel:${name}`);
  const verified = channels.flatMap(({ name, kind }) => (kind === 'verified' ? (live(name) ?? []) : []));
  const keys = new Map(verified.map((channel) => [channel.fullName, channelKeys({ ...context, channel })]));
  const isFirstUse = onceEach();
  return Promise.all(
    channels.map(async ({ name, kind }) => {
      const channel = live(name);
      if (!channel) return missingChannel(name);
      if (kind === 'inactive') return inactiveChannel(name);
      const own = keys.get(name);
      return own
        ? verifyChannel({ ...context, channel }, own, isFirstUse)
        : verifyUnverifiedChannel({ ...context, channel }, keys.values().next().value);
    }),
  );
}

/** Returns whether a text is passed for the first time. */
function onceEach(): (text: string) => boolean {
  const seen = new Set<string>();
  return (text) => seen.size !== seen.add(text).size;
}

const missingChannel = (name: string): ChannelVerification => ({
  checks: [toCheck('configuration', name, 'in sync', failed(`The org has no channel ${name}.`))],
  chatDeployments: [],
});

const inactiveChannel = (name: string): ChannelVerification => ({
  checks: [toCheck('configuration', name, 'inactive', passed('The channel is inactive, as its org file declares.'))],
  chatDeployments: [],
});

async function verifyChannel(
  context: ChannelContext,
  keys: ChannelKeys,
  isFirstUse: (verifier: string) => boolean,
): Promise<ChannelVerification> {
  const setupChecks = [...configurationChecks(context), ...(await endpointChecks(context))];
  const chats = reachableChats(context);
  if ('problem' in chats) {
    const noForgedTokens = toCheck('rejection', context.channel.fullName, ALL_FORGED, inconclusive(chats.problem));
    return {
      checks: [...setupChecks, ...notTested(context, chats.problem).checks, noForgedTokens],
      chatDeployments: [],
    };
  }
  const results = await Promise.all(
    chats.map((chat) => testTokens(chat, keys, isFirstUse(verifierOf(chat, chat.client.version)) ? 'all' : 'basic')),
  );
  const accepted = results.find((each) => each.accepted)?.accepted;
  return {
    checks: [...setupChecks, ...results.flatMap(({ checks }) => checks)],
    chatDeployments: chats.map(({ client }) => client.chatDeployment),
    ...matchedSubject(context, keys, accepted),
  };
}

const ALL_FORGED = 'all forged tokens';

/** Sends a valid token, then the forged ones, to one chat deployment of the channel. */
async function testTokens(context: ChatContext, keys: ChannelKeys, scope: RejectionScope) {
  const acceptance = await testAcceptance(context, keys);
  const rejections =
    keys.expectedTokens.length === 0
      ? [toCheck('rejection', context.channel.fullName, ALL_FORGED, inconclusive(NO_ISSUER))]
      : await rejectionChecks(context, keys, acceptance, scope);
  const checks = [...acceptance.checks, ...rejections];
  return { ...acceptance, checks: withChatDeployment(context, checks) };
}

const withChatDeployment = ({ client }: ChatContext, checks: readonly Check[]): readonly Check[] =>
  checks.map((check) => ({ ...check, chatDeployment: client.chatDeployment }));

function matchedSubject(
  { channel }: ChannelContext,
  { expectedTokens }: ChannelKeys,
  accepted: { readonly token: string; readonly subject: string } | undefined,
): Pick<ChannelVerification, 'matchedSubject'> {
  const expected = expectedTokenOf(expectedTokens, accepted?.token ?? '');
  if (!expected) return {};
  const { authIdentifier } = expected;
  return { matchedSubject: { channel: channel.fullName, authIdentifier, subject: accepted?.subject } };
}

async function verifyUnverifiedChannel(
  context: ChannelContext,
  keys: ChannelKeys | undefined,
): Promise<ChannelVerification> {
  const setupChecks = unverifiedConfigurationChecks(context);
  const chats = reachableChats(context);
  if ('problem' in chats) {
    const checks = unverifiedNotTested(context.channel.fullName, chats.problem);
    return { checks: [...setupChecks, ...checks], chatDeployments: [] };
  }
  const results = await Promise.all(
    chats.map(async (chat) => withChatDeployment(chat, await unverifiedChecks(chat, keys))),
  );
  return {
    checks: [...setupChecks, ...results.flat()],
    chatDeployments: chats.map(({ client }) => client.chatDeployment),
  };
}

/** The chat deployments of a channel that tokens can be sent to, or the reason why there is none. */
function reachableChats(context: ChannelContext): readonly ChatContext[] | { readonly problem: string } {
  const { orgView, channel, org, options } = context;
  const all = testedChatDeployments(orgView, channel.fullName);
  if (all.length === 0) return { problem: NO_CHAT_DEPLOYMENT };
  if (all.every((each) => isUnreachable(orgView, each))) return { problem: CHAT_API_UNREACHABLE };
  return all.map((each) => ({ ...context, client: chatApiClientFor(each, viewOptions(org, options)) }));
}

const NO_CHAT_DEPLOYMENT = 'No chat deployment serves the channel, so no token can be exchanged.';
const CHAT_API_UNREACHABLE = "The Enhanced Chat API didn't respond.";
const NO_ISSUER = 'The channel has no issuer, so no token can be forged.';

function isUnreachable({ published }: OrgView, { fullName }: Component): boolean {
  const settings = published?.get(fullName);
  return settings?.problem !== undefined && settings.state === 'unreachable';
}

/** Channels that share a Configuration Name continue each other's conversations, so a customer needs the same subject on them. */
function consistencyChecks(subjects: readonly MatchedSubject[]): readonly Check[] {
  return subjects.flatMap(({ channel, authIdentifier, subject }) => {
    const others = subjects.filter((each) => each.authIdentifier === authIdentifier && each.channel !== channel);
    return others.length === 0
      ? []
      : [toCheck('consistency', channel, 'same customer', sameCustomerResult(subject, others))];
  });
}

function sameCustomerResult(subject: string | undefined, others: readonly MatchedSubject[]): CheckResult {
  const accepted = others.filter((each) => each.subject !== undefined);
  if (subject === undefined || accepted.length === 0)
    return inconclusive('A token was accepted on fewer than two channels with this Configuration Name.');
  const different = accepted.filter((each) => each.subject !== subject).map((each) => each.channel);
  return different.length === 0
    ? passed(`same subject as on ${accepted.map((each) => each.channel).join(', ')}`)
    : failed(`The customer has another subject on ${different.join(', ')}, so conversations don't continue there.`);
}
