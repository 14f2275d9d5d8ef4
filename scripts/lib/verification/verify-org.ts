import { expectedTokensFor, verifiedChannels, type ExpectedToken, type OrgView } from '../explain';
import { thumbprintOf } from '../token';
import { chatDeploymentsFor, type Check, type Component } from '../model';
import { testAcceptance, notTested, type Acceptance } from './acceptance';
import { toCheck, failed, inconclusive, passed, type CheckResult } from './check';
import { configurationChecks, permissionCheck } from './configuration';
import { endpointChecks } from './endpoints';
import { chatApiClientFor, readOrgView, type OrgViewOptions } from './read-org-view';
import { rejectionChecks } from './rejection';
import type { VerifyOptions, ChannelContext, OrgUnderTest } from './context';

/** What a proof came to. */
export interface VerificationResult {
  readonly checks: readonly Check[];
  /** Whether the messaging runtime answered at all. */
  readonly reached: boolean;
}

/**
 * Proves that an org verifies its customers: channel by channel, its configuration, its endpoints, that a good token is
 * accepted and a bad one refused, and that a customer is the same one on every channel. Writes nothing to the org; the access
 * tokens that it is given are revoked at once. Never throws for what the org does.
 */
export async function verifyOrg(org: OrgUnderTest, options: VerifyOptions): Promise<VerificationResult> {
  const { desired, live } = org;
  const orgView = await readOrgView(live, desired.components, viewOptions(org, options));
  const declaredChannels = verifiedChannels({ ...orgView, components: desired.components }, desired.components);
  const verifications = await Promise.all(
    declaredChannels.map(({ fullName }) =>
      verifyChannelByName({ org: org, options: options, orgView: orgView }, fullName),
    ),
  );
  const subjects = verifications.flatMap((verification) => verification.matchedSubject ?? []);
  const permissions = permissionCheck(live.facts.missingPermissions);
  return {
    checks: [permissions, ...verifications.flatMap(({ checks }) => checks), ...consistencyChecks(subjects)],
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

/** Who the customer of a proof was on a channel. */
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
  const { org, orgView, channel, options } = context;
  const { fullName } = channel;
  const setupChecks = [...configurationChecks(context), ...(await endpointChecks(context))];
  const [deployment, expected] = [pickChatDeployment(orgView, channel), expectedTokenFor(context)];
  const untestedRejections = (why: string): Check =>
    toCheck('rejection', fullName, 'all forged tokens', inconclusive(why));
  if (!deployment)
    return {
      checks: [
        ...setupChecks,
        ...notTested(context, NO_CHAT_DEPLOYMENT).checks,
        untestedRejections(NO_CHAT_DEPLOYMENT),
      ],
    };
  if (isUnreachable(orgView, deployment))
    return {
      checks: [
        ...setupChecks,
        ...notTested(context, CHAT_API_UNREACHABLE).checks,
        untestedRejections(CHAT_API_UNREACHABLE),
      ],
    };
  const client = chatApiClientFor(deployment, viewOptions(org, options));
  const acceptance = await testAcceptance(context, client, expected);
  if (!expected)
    return {
      checks: [...setupChecks, ...acceptance.checks, untestedRejections('There is no issuer to forge tokens of.')],
    };
  const checks = [
    ...setupChecks,
    ...acceptance.checks,
    ...(await rejectionChecks(context, client, expected, isAccepted(acceptance))),
  ];
  return {
    checks,
    matchedSubject: { channel: fullName, authIdentifier: expected.authIdentifier, subject: acceptance.subject },
  };
}

const NO_CHAT_DEPLOYMENT = 'No deployment serves the channel, so no token can be exchanged.';
const CHAT_API_UNREACHABLE = 'The messaging runtime did not answer.';

function isUnreachable({ published }: OrgView, { fullName }: Component): boolean {
  const settings = published?.get(fullName);
  return settings?.authMode === undefined && settings?.unreachable === true;
}

const isAccepted = ({ subject }: Acceptance): boolean => subject !== undefined;

/** The deployment that is used as a client: one for clients of one's own, if there is one. */
function pickChatDeployment(orgView: OrgView, channel: Component): Component | undefined {
  const candidates = chatDeploymentsFor(orgView.components, channel.fullName);
  const published = (each: Component): number => Number(orgView.published?.get(each.fullName)?.authMode !== undefined);
  return [...candidates].sort((one, other) => published(other) - published(one))[0];
}

/**
 * What a good token says by what the project states for the org, not by what the org holds: where the two differ, the token
 * is to fail. With a private key at hand, it is the pair that the key belongs to.
 */
function expectedTokenFor({ org, orgView, channel, options }: ChannelContext): ExpectedToken | undefined {
  const declaredView = { ...orgView, components: org.desired.components };
  const expectedTokens = expectedTokensFor(declaredView, channel.fullName, options.now());
  const [first] = expectedTokens;
  const { key } = options.source ?? {};
  if (!key || !first) return first;
  const thumbprint = thumbprintOf(key);
  return (
    expectedTokens.find((candidate) => candidate.key?.thumbprint === thumbprint) ?? {
      issuer: first.issuer,
      authIdentifier: first.authIdentifier,
    }
  );
}

/** The same user has to be the same customer wherever a configuration is shared: that is what carries a conversation over. */
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
  if (subject === undefined || accepted.length === 0) return inconclusive('No token was accepted on two channels.');
  const different = accepted.filter((each) => each.subject !== subject).map((each) => each.channel);
  return different.length === 0
    ? passed(`as on ${accepted.map((each) => each.channel).join(', ')}`)
    : failed(`Another customer on ${different.join(', ')}: conversations do not carry over.`);
}
