import { joinNames, textAt, type ComponentType, type ImpactAssessment } from '../../model';
import { activeChannelsOfKey, quotedIssuer } from '../impact-context';
import { authorizationToggled } from './authorization';
import { disruptiveIfTrusted, isAccepted } from './keyset';
import { disruptive, disruptiveIfActive, none, visible, type ImpactCase, type ImpactRule } from './impact-rule';

/** What it means that something goes: a component that is deleted, an element or a list item that is taken out. Only a way back does that. */
export const REMOVAL_RULES: Readonly<Record<ComponentType, readonly ImpactRule[]>> = {
  QueueRoutingConfig: [],
  Queue: [{ path: /^$/, assess: ({ name }) => visible(`Messaging sessions are no longer routed to ${name}.`) }],
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
    { path: /^$/, assess: ({ name }) => disruptive(`Sites and apps that use ${name} lose their chat.`) },
  ],
  CorsWhitelistOrigin: [
    {
      path: /^$/,
      assess: ({ before }) =>
        disruptive(`Pages of ${(before && textAt(before.root, 'urlPattern')) ?? ''} can no longer reach the chat.`),
    },
  ],
  PermissionSet: [],
};

function channelDeleted(impactCase: ImpactCase): ImpactAssessment {
  const { name } = impactCase;
  return disruptiveIfActive(
    impactCase,
    `${name} is deleted: nobody can chat on it any more. What becomes of its conversations is not documented.`,
  );
}

function keyDeleted({ context, name }: ImpactCase): ImpactAssessment {
  const channels = activeChannelsOfKey(context, name);
  if (channels.length === 0 || !isAccepted(context, name)) return none('No active channel trusts this key.');
  return disruptive(`Tokens signed with ${name} are refused on ${joinNames(channels)}.`);
}

function keyRemoved(subject: ImpactCase): ImpactAssessment {
  const { difference, context } = subject;
  const key = difference.path.slice(difference.path.indexOf('[') + 1, -1);
  if (!isAccepted(context, key)) return none(`${key} is not active, so none of its tokens were accepted.`);
  return disruptiveIfTrusted(subject, (channels) => `Tokens signed with ${key} are refused on ${channels}.`);
}

function issuerRemoved(subject: ImpactCase): ImpactAssessment {
  const { context, name } = subject;
  return disruptiveIfTrusted(
    subject,
    (channels) => `Tokens of ${quotedIssuer(context.live, name)} are refused on ${channels}.`,
  );
}
