import { componentsOf, textAt, type Meaning } from '../../model';
import { isVerified } from '../trust';
import { configurationAdded, configurationSwitched, keysetChanged } from './configuration';
import { disruptive, ifActive, none, notice, other, type Case, type ImpactRule } from './meaning';
import { unverifiedExpiration, verification, verifiedExpiration } from './verification';

/** What a change of a channel means. */
export const channelRules: readonly ImpactRule[] = [
  { path: /^$/, meaning: created },
  { path: /^isActive$/, meaning: switched },
  { path: /^embeddedConfig$/, meaning: verification },
  { path: /^embeddedConfig\.authMode$/, meaning: verification },
  { path: /^embeddedConfig\.messagingAuthorizations\[.*\]$/, meaning: configurationAdded },
  { path: /\.publicKeyCertificateSetName$/, meaning: keysetChanged },
  { path: /messagingAuthorizations\[.*\]\.enabled$/, meaning: configurationSwitched },
  { path: /\.verifiedUserJwtExpirationTime$/, meaning: verifiedExpiration },
  { path: /\.anonymousUserJwtExpirationTime$/, meaning: unverifiedExpiration },
  { path: /^(sessionHandler\w+|queueRoutingConfig)$/, meaning: routing },
  { path: /^(masterLabel|description)$/, meaning: () => none() },
  { path: /.*/, meaning: other },
];

function created({ after }: Case): Meaning {
  return none(isVerified(after) ? 'User verification is on.' : 'For guests, nobody is verified.');
}

function switched(subject: Case): Meaning {
  return subject.difference.to === 'true' ? goesLive(subject) : goesOffline(subject);
}

function goesOffline({ name }: Case): Meaning {
  return disruptive(
    `${name} is no longer active: nobody can start a chat on it. What becomes of chats under way is not documented.`,
  );
}

/** A channel that is there and not active was switched off by somebody, perhaps for a reason. */
function goesLive({ before, after, name, scene }: Case): Meaning {
  const who = isVerified(after) ? 'customers with a valid token' : 'guests';
  const served = isServed(scene, name) ? '' : ' No deployment of the source serves it.';
  if (!before) return notice(`${name} goes live: ${who} can start a chat on it.${served}`);
  return disruptive(
    `${name} is not active in the org and goes live again: ${who} can start a chat on it. To leave it as it is, name it under "inactive" in the org file.`,
  );
}

const isServed = ({ target }: Case['scene'], channel: string): boolean =>
  componentsOf(target, 'EmbeddedServiceConfig').some(
    ({ root }) => textAt(root, 'embeddedServiceMessagingChannel.messagingChannel') === channel,
  );

/** Routing is part of the channel, so it moves with the deployment (sf-skills: live-traffic gate). */
function routing(subject: Case): Meaning {
  const { difference, name } = subject;
  const [from, to] = [difference.from ?? 'nobody', difference.to ?? 'nobody'];
  return ifActive(subject, `Routing moves: new messaging sessions on ${name} go to ${to} instead of ${from}, at once.`);
}
