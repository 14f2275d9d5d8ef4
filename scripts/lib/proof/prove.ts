import { deploymentsOf, pairsOf, verifiedChannels, type Pair, type Picture } from '../chain';
import { thumbprintOf } from '../issuer';
import type { Check, Component } from '../model';
import { prove, unproven, type Acceptance } from './acceptance';
import { checkOf, failed, notProven, proven, type Finding } from './check';
import { configurationChecks, permissionCheck } from './configuration';
import { endpointChecks } from './endpoints';
import { clientOf, pictureOf, type View } from './look';
import { refusalChecks } from './refusal';
import type { Means, Stage, Subject } from './subject';

/** What a proof came to. */
export interface Proof {
  readonly checks: readonly Check[];
  /** Whether the messaging runtime answered at all. */
  readonly reached: boolean;
}

/**
 * Proves that an org verifies its customers: channel by channel, its configuration, its endpoints, that a good token is
 * accepted and a bad one refused, and that a customer is the same one on every channel. Writes nothing to the org; the access
 * tokens that it is given are revoked at once. Never throws for what the org does.
 */
export async function proveOrg(subject: Subject, means: Means): Promise<Proof> {
  const { desired, live } = subject;
  const picture = await pictureOf(live, desired.components, viewOf(subject, means));
  const stated = verifiedChannels({ ...picture, components: desired.components }, desired.components);
  const scenes = await Promise.all(stated.map(({ fullName }) => sceneOf({ subject, means, picture }, fullName)));
  const met = scenes.flatMap((scene) => scene.met ?? []);
  const permissions = permissionCheck(live.facts.missingPermissions);
  return {
    checks: [permissions, ...scenes.flatMap(({ checks }) => checks), ...consistencyChecks(met)],
    reached: [...(picture.published?.values() ?? [])].every((each) => each.authMode !== undefined || !each.unreachable),
  };
}

const viewOf = ({ desired, live, runtime }: Subject, { now, allowLoopback, patience }: Means): View => ({
  ...{ alias: desired.org.alias, orgId: live.facts.orgId, runtime, now: now(), allowLoopback },
  ...(patience !== undefined && { patience }),
});

/** Who the customer of a proof was on a channel. */
interface Met {
  readonly channel: string;
  readonly authIdentifier: string;
  readonly subject?: string | undefined;
}

interface Scene {
  readonly checks: readonly Check[];
  readonly met?: Met;
}

async function sceneOf(stage: Omit<Stage, 'channel'>, name: string): Promise<Scene> {
  const channel = stage.subject.live.components.get(`MessagingChannel:${name}`);
  if (channel) return channelScene({ ...stage, channel });
  return { checks: [checkOf('configuration', name, 'as stated', failed(`The org has no channel ${name}.`))] };
}

async function channelScene(stage: Stage): Promise<Scene> {
  const { subject, picture, channel, means } = stage;
  const { fullName } = channel;
  const seen = [...configurationChecks(stage), ...(await endpointChecks(stage))];
  const [deployment, pair] = [serving(picture, channel), pairFor(stage)];
  const refusal = (why: string): Check => checkOf('refusal', fullName, 'every kind', notProven(why));
  if (!deployment) return { checks: [...seen, ...unproven(stage, NO_DEPLOYMENT).checks, refusal(NO_DEPLOYMENT)] };
  if (isSilent(picture, deployment)) return { checks: [...seen, ...unproven(stage, SILENT).checks, refusal(SILENT)] };
  const client = clientOf(deployment, viewOf(subject, means));
  const acceptance = await prove(stage, client, pair);
  if (!pair) return { checks: [...seen, ...acceptance.checks, refusal('There is no issuer to forge tokens of.')] };
  const checks = [...seen, ...acceptance.checks, ...(await refusalChecks(stage, client, pair, isAccepted(acceptance)))];
  return { checks, met: { channel: fullName, authIdentifier: pair.authIdentifier, subject: acceptance.subject } };
}

const NO_DEPLOYMENT = 'No deployment serves the channel, so no token can be exchanged.';
const SILENT = 'The messaging runtime did not answer.';

function isSilent({ published }: Picture, { fullName }: Component): boolean {
  const seen = published?.get(fullName);
  return seen?.authMode === undefined && seen?.unreachable === true;
}

const isAccepted = ({ subject }: Acceptance): boolean => subject !== undefined;

/** The deployment that is used as a client: one for clients of one's own, if there is one. */
function serving(picture: Picture, channel: Component): Component | undefined {
  const all = deploymentsOf(picture, channel.fullName);
  const published = (each: Component): number => Number(picture.published?.get(each.fullName)?.authMode !== undefined);
  return [...all].sort((one, other) => published(other) - published(one))[0];
}

/**
 * What a good token says by what the project states for the org, not by what the org holds: where the two differ, the token
 * is to fail. With a private key at hand, it is the pair that the key belongs to.
 */
function pairFor({ subject, picture, channel, means }: Stage): Pair | undefined {
  const stated = { ...picture, components: subject.desired.components };
  const pairs = pairsOf(stated, channel.fullName, means.now());
  const [first] = pairs;
  const { key } = means.source ?? {};
  if (!key || !first) return first;
  const thumbprint = thumbprintOf(key);
  return (
    pairs.find((pair) => pair.key?.thumbprint === thumbprint) ?? {
      issuer: first.issuer,
      authIdentifier: first.authIdentifier,
    }
  );
}

/** The same user has to be the same customer wherever a configuration is shared: that is what carries a conversation over. */
function consistencyChecks(met: readonly Met[]): readonly Check[] {
  return met.flatMap(({ channel, authIdentifier, subject }) => {
    const others = met.filter((each) => each.authIdentifier === authIdentifier && each.channel !== channel);
    return others.length === 0 ? [] : [checkOf('consistency', channel, 'same customer', sameAs(subject, others))];
  });
}

function sameAs(subject: string | undefined, others: readonly Met[]): Finding {
  const known = others.filter((each) => each.subject !== undefined);
  if (subject === undefined || known.length === 0) return notProven('No token was accepted on two channels.');
  const different = known.filter((each) => each.subject !== subject).map((each) => each.channel);
  return different.length === 0
    ? proven(`as on ${known.map((each) => each.channel).join(', ')}`)
    : failed(`Another customer on ${different.join(', ')}: conversations do not carry over.`);
}
