import { isActiveKey, joinNames, textAt, type ComponentType, type ImpactAssessment } from '../../model';
import { activeChannelsOfKey, quotedIssuer } from '../impact-context';
import { authorizationToggled } from './authorization';
import { disruptiveIfTrusted, isAccepted } from './keyset';
import { disruptive, disruptiveIfActive, none, visible, type ImpactCase, type ImpactRule } from './impact-rule';

/** The rules for deleted components, and for removed elements and list items. Only rollbacks delete components. */
export const REMOVAL_RULES: Readonly<Partial<Record<ComponentType, readonly ImpactRule[]>>> = {
  QueueRoutingConfig: [],
  Queue: [
    { path: /^$/, assess: ({ name }) => visible(`Deletes ${name}. Messaging sessions are no longer routed to it.`) },
  ],
  PublicKeyCertificate: [{ path: /^$/, assess: keyDeleted }],
  PublicKeyCertificateSet: [
    { path: /^(jwtIssuer)?$/, assess: issuerRemoved },
    { path: /^publicKeyCertificateSetKeys\[.*\]$/, assess: keyRemoved },
  ],
  MessagingChannel: [
    { path: /^$/, assess: channelDeleted },
    { path: /^embeddedConfig\.messagingAuthorizations\[.*\]$/, assess: authorizationToggled },
  ],
  EmbeddedServiceConfig: [
    {
      path: /^$/,
      assess: ({ name }) => disruptive(`Deletes ${name}. Customers can't chat on sites and apps that use it.`),
    },
  ],
  CorsWhitelistOrigin: [
    {
      path: /^$/,
      assess: ({ before }) =>
        disruptive(`Pages of ${(before && textAt(before.root, 'urlPattern')) ?? ''} can no longer connect to chat.`),
    },
  ],
  CspTrustedSite: [
    {
      path: /^$/,
      assess: ({ before }) =>
        visible(`Chat windows can no longer use ${(before && textAt(before.root, 'endpointUrl')) ?? ''}.`),
    },
  ],
  PermissionSet: [],
};

function channelDeleted(impactCase: ImpactCase): ImpactAssessment {
  const { name } = impactCase;
  return disruptiveIfActive(
    impactCase,
    `Deletes ${name}. Nobody can chat on it. Salesforce doesn't document what happens to its conversations.`,
  );
}

function keyDeleted({ context, name }: ImpactCase): ImpactAssessment {
  const channels = activeChannelsOfKey(context, name);
  if (channels.length === 0 || !isAccepted(context, name)) return none('No active channel trusts this key.');
  return disruptive(`Deletes the key. Tokens signed with ${name} are rejected on ${joinNames(channels)}.`);
}

function keyRemoved(impactCase: ImpactCase): ImpactAssessment {
  const { difference, context } = impactCase;
  const key = difference.path.slice(difference.path.indexOf('[') + 1, -1);
  if (!isActiveKey(context.live, key)) return none(`${key} isn't active, so tokens signed with it weren't accepted.`);
  return disruptiveIfTrusted(impactCase, (channels) => `Tokens signed with ${key} are rejected on ${channels}.`);
}

function issuerRemoved(impactCase: ImpactCase): ImpactAssessment {
  const { context, name } = impactCase;
  return disruptiveIfTrusted(
    impactCase,
    (channels) => `Tokens of ${quotedIssuer(context.live, name)} are rejected on ${channels}.`,
  );
}
