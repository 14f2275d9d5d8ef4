import { textAt, type ComponentType, type Meaning } from '../../model';
import { issuerOf, listed } from '../trust';
import { configurationSwitched } from './configuration';
import { channelsHolding, ifTrusted, isActiveKey } from './keyset';
import { disruptive, ifActive, none, notice, type Case, type ImpactRule } from './meaning';

/** What it means that something goes: a component that is deleted, an element or a list item that is taken out. Only a way back does that. */
export const LOSSES: Readonly<Record<ComponentType, readonly ImpactRule[]>> = {
  QueueRoutingConfig: [],
  Queue: [{ path: /^$/, meaning: ({ name }) => notice(`Messaging sessions are no longer routed to ${name}.`) }],
  PublicKeyCertificate: [{ path: /^$/, meaning: keyDeleted }],
  PublicKeyCertificateSet: [
    { path: /^(jwtIssuer)?$/, meaning: issuerLost },
    { path: /^publicKeyCertificateSetKeys\[.*\]$/, meaning: keyTakenOut },
  ],
  MessagingChannel: [
    { path: /^$/, meaning: channelDeleted },
    { path: /^embeddedConfig\.messagingAuthorizations\[.*\]$/, meaning: configurationSwitched },
  ],
  EmbeddedServiceConfig: [
    { path: /^$/, meaning: ({ name }) => disruptive(`Sites and apps that use ${name} lose their chat.`) },
  ],
  CorsWhitelistOrigin: [
    {
      path: /^$/,
      meaning: ({ before }) =>
        disruptive(`Pages of ${(before && textAt(before.root, 'urlPattern')) ?? ''} can no longer reach the chat.`),
    },
  ],
  PermissionSet: [],
};

function channelDeleted(subject: Case): Meaning {
  const { name } = subject;
  return ifActive(
    subject,
    `${name} is deleted: nobody can chat on it any more. What becomes of its conversations is not documented.`,
  );
}

function keyDeleted({ scene, name }: Case): Meaning {
  const channels = channelsHolding(scene, name);
  if (channels.length === 0 || !isActiveKey(scene, name)) return none('No active channel trusts this key.');
  return disruptive(`Tokens signed with ${name} are refused on ${listed(channels)}.`);
}

function keyTakenOut(subject: Case): Meaning {
  const { difference, scene } = subject;
  const key = difference.path.slice(difference.path.indexOf('[') + 1, -1);
  if (!isActiveKey(scene, key)) return none(`${key} is not active, so none of its tokens were accepted.`);
  return ifTrusted(subject, (channels) => `Tokens signed with ${key} are refused on ${channels}.`);
}

function issuerLost(subject: Case): Meaning {
  const { scene, name } = subject;
  return ifTrusted(subject, (channels) => `Tokens of ${issuerOf(scene.live, name)} are refused on ${channels}.`);
}
