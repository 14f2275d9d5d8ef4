import { expectedTokensFor, verifiedChannels, type ExpectedToken, type OrgView } from '../explain';
import { thumbprintOf } from '../token';
import { chatDeploymentsFor, type Check, type Component } from '../model';
import { testAcceptance, notTested, type Acceptance } from './acceptance';
import { toCheck, failed, inconclusive, passed, type CheckResult } from './check';
import { configurationChecks, permissionCheck } from './configuration';
import { endpointChecks } from './endpoints';
import { chatApiClientFor, readOrgView, type OrgViewOptions } from './read-org-view';
import { rejectionChecks } from './rejection';
import { trustCheck } from './trust';
import type { VerifyOptions, ChannelContext, OrgUnderTest } from './context';

export interface VerificationResult {
  readonly checks: readonly Check[];
  /** Whether the Enhanced Chat API responded. */
  readonly reached: boolean;
}

/**
 * Verifies each verified channel of an org: its configuration and JWKS endpoints, that it accepts a valid token and rejects
 * forged ones, and that a customer has the same subject on all channels. Writes nothing to the org; access tokens that it
 * receives are revoked immediately. Never throws because of the org: each problem is a check.
 */
export async function verifyOrg(org: OrgUnderTest, options: VerifyOptions): Promise<VerificationResult> {
  const { desired, live } = org;
  const orgView = await readOrgView(live, desired.components, viewOptions(org, options));
  const declaredChannels = verifiedChannels({ ...orgView, components: desired.components }, desired.components);
  const verifications = await Promise.all(
    declaredChannels.map(({ fullName }) => verifyChannelByName({ org, options, orgView }, fullName)),
  );
  const subjects = verifications.flatMap((verification) => verification.matchedSubject ?? []);
  const permissions = permissionCheck(live.facts.missingPermissions);
  return {
    checks: [
      trustCheck(org),
      permissions,
      ...verifications.flatMap(({ checks }) => checks),
      ...consistencyChecks(subjects),
    ],
    reached: [...(orgView.published?.values() ?? [])].every((each) => each.authMode !== undefined || !each.unreachable),
  };
}

const viewOptions = (
  { desired, live, chatApiUrl }: OrgUnderTest,
  { now, allowLoopback, timeoutMs }: VerifyOptions,
): OrgViewOptions => ({
  ...{ alias: desired.org.alias, orgId: live.facts.orgId, chatApiUrl, now: now(), allowLoopback },
  ...(timeoutMs !== undefined && { timeoutMs }),
});

/** The subject of the test customer on a channel; undefined if the channel accepted no token. */
interface MatchedSubject {
  readonly channel: string;
  readonly authIdentifier: string;
  readonly subject?: string | undefined;
}

interface ChannelVerification {
  readonly checks: readonly Check[];
  readonly matchedSubject?: MatchedSubject;
}

async function verifyChannelByName(
  context: Omit<ChannelContext, 'channel'>,
  name: string,
): Promise<ChannelVerification> {
  const channel = context.org.live.components.get(`MessagingChannel:${name}`);
  if (channel) return verifyChannel({ ...context, channel });
  return { checks: [toCheck('configuration', name, 'in sync', failed(`The org has no channel ${name}.`))] };
}

async function verifyChannel(context: ChannelContext): Promise<ChannelVerification> {
  const setupChecks = [...configurationChecks(context), ...(await endpointChecks(context))];
  const chatDeployment = pickChatDeployment(context.orgView, context.channel);
  const untestableReason = !chatDeployment
    ? NO_CHAT_DEPLOYMENT
    : isUnreachable(context.orgView, chatDeployment)
      ? CHAT_API_UNREACHABLE
      : undefined;
  const tokenChecks =
    chatDeployment && untestableReason === undefined
      ? await testTokens(context, chatDeployment)
      : {
          checks: [
            ...notTested(context, untestableReason ?? '').checks,
            noForgedTokens(context, untestableReason ?? ''),
          ],
        };
  return { ...tokenChecks, checks: [...setupChecks, ...tokenChecks.checks] };
}

/** Sends a valid token, then the forged ones, to one chat deployment of the channel. */
async function testTokens(context: ChannelContext, chatDeployment: Component): Promise<ChannelVerification> {
  const client = chatApiClientFor(chatDeployment, viewOptions(context.org, context.options));
  const expected = expectedTokenFor(context);
  const acceptance = await testAcceptance(context, client, expected);
  if (!expected) return { checks: [...acceptance.checks, noForgedTokens(context, NO_ISSUER)] };
  const rejections = await rejectionChecks(context, client, expected, isAccepted(acceptance));
  return {
    checks: [...acceptance.checks, ...rejections],
    matchedSubject: {
      channel: context.channel.fullName,
      authIdentifier: expected.authIdentifier,
      subject: acceptance.subject,
    },
  };
}

const noForgedTokens = ({ channel }: ChannelContext, reason: string): Check =>
  toCheck('rejection', channel.fullName, 'all forged tokens', inconclusive(reason));

const NO_CHAT_DEPLOYMENT = 'No chat deployment serves the channel, so no token can be exchanged.';
const CHAT_API_UNREACHABLE = "The Enhanced Chat API didn't respond.";
const NO_ISSUER = 'The channel has no issuer, so no token can be forged.';

function isUnreachable({ published }: OrgView, { fullName }: Component): boolean {
  const settings = published?.get(fullName);
  return settings?.authMode === undefined && settings?.unreachable === true;
}

const isAccepted = ({ subject }: Acceptance): boolean => subject !== undefined;

/** The chat deployment that the tokens are sent to: a published one, if there is one. */
function pickChatDeployment(orgView: OrgView, channel: Component): Component | undefined {
  const candidates = chatDeploymentsFor(orgView.components, channel.fullName);
  const isPublished = ({ fullName }: Component): boolean => orgView.published?.get(fullName)?.authMode !== undefined;
  return candidates.find(isPublished) ?? candidates[0];
}

/**
 * The valid token according to the desired state, not the live state: if the two differ, the token has to fail. With
 * `--private-key`, it's the token of the key that the private key belongs to.
 */
function expectedTokenFor({ org, orgView, channel, options }: ChannelContext): ExpectedToken | undefined {
  const declaredView = { ...orgView, components: org.desired.components };
  const expectedTokens = expectedTokensFor(declaredView, channel.fullName, options.now());
  const [first] = expectedTokens;
  const { key } = options.source ?? {};
  if (!key || !first) return first;
  const thumbprint = thumbprintOf(key);
  const { issuer, authIdentifier } = first;
  return expectedTokens.find((candidate) => candidate.key?.thumbprint === thumbprint) ?? { issuer, authIdentifier };
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
