import { chatDeploymentsFor, verifiesUsers, type ImpactAssessment } from '../../model';
import { authorizationAdded, authorizationToggled, keysetChanged } from './authorization';
import {
  disruptive,
  disruptiveIfActive,
  none,
  visible,
  unknownSetting,
  type ImpactCase,
  type ImpactRule,
} from './impact-rule';
import { unverifiedExpirationChanged, verificationChanged, verifiedExpirationChanged } from './verification';

/** What a change of a channel means. */
export const channelRules: readonly ImpactRule[] = [
  { path: /^$/, assess: channelCreated },
  { path: /^isActive$/, assess: activationChanged },
  { path: /^embeddedConfig$/, assess: verificationChanged },
  { path: /^embeddedConfig\.authMode$/, assess: verificationChanged },
  { path: /^embeddedConfig\.messagingAuthorizations\[.*\]$/, assess: authorizationAdded },
  { path: /\.publicKeyCertificateSetName$/, assess: keysetChanged },
  { path: /messagingAuthorizations\[.*\]\.enabled$/, assess: authorizationToggled },
  { path: /\.verifiedUserJwtExpirationTime$/, assess: verifiedExpirationChanged },
  { path: /\.anonymousUserJwtExpirationTime$/, assess: unverifiedExpirationChanged },
  { path: /^(sessionHandler\w+|queueRoutingConfig)$/, assess: routingChanged },
  { path: /^(masterLabel|description)$/, assess: () => none() },
  { path: /.*/, assess: unknownSetting },
];

function channelCreated({ after }: ImpactCase): ImpactAssessment {
  return none(verifiesUsers(after) ? 'User verification is on.' : 'For guests, nobody is verified.');
}

function activationChanged(impactCase: ImpactCase): ImpactAssessment {
  return impactCase.difference.to === 'true' ? channelActivated(impactCase) : channelDeactivated(impactCase);
}

function channelDeactivated({ name }: ImpactCase): ImpactAssessment {
  return disruptive(
    `${name} is no longer active: nobody can start a chat on it. What becomes of chats under way is not documented.`,
  );
}

/** A channel that is there and not active was switched off by somebody, perhaps for a reason. */
function channelActivated({ before, after, name, context }: ImpactCase): ImpactAssessment {
  const who = verifiesUsers(after) ? 'customers with a valid token' : 'guests';
  const served = chatDeploymentsFor(context.target, name).length > 0 ? '' : ' No deployment of the source serves it.';
  if (!before) return visible(`${name} goes live: ${who} can start a chat on it.${served}`);
  return disruptive(
    `${name} is not active in the org and goes live again: ${who} can start a chat on it. To leave it as it is, name it under "inactive" in the org file.`,
  );
}

/** Routing is part of the channel, so it moves with the deployment (sf-skills: live-traffic gate). */
function routingChanged(subject: ImpactCase): ImpactAssessment {
  const { difference, name } = subject;
  const [from, to] = [difference.from ?? 'nobody', difference.to ?? 'nobody'];
  return disruptiveIfActive(
    subject,
    `Routing moves: new messaging sessions on ${name} go to ${to} instead of ${from}, at once.`,
  );
}
