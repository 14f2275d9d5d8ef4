import { chatDeploymentsFor, textAt, verifiesUsers, type ImpactAssessment } from '../../model';
import { verifiesNobodyReason } from '../../rules';
import type { ImpactContext } from '../impact-context';
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

/** The rules for changes of a channel. */
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
  { path: /^sessionHandlerAsa$/, assess: agentChanged },
  { path: /^(sessionHandler\w+|queueRoutingConfig)$/, assess: routingChanged },
  { path: /^(masterLabel|description)$/, assess: () => none() },
  { path: /.*/, assess: unknownSetting },
];

function channelCreated({ after }: ImpactCase): ImpactAssessment {
  const users = verifiesUsers(after)
    ? 'User verification is on.'
    : 'User verification is off. All users are unverified.';
  const agent = after && textAt(after.root, 'sessionHandlerAsa');
  return none(agent === undefined ? users : `${users} Agent ${agent} handles messaging sessions. ${AGENT_HINT}`);
}

/** A deploy sets the agent again, because Salesforce can drop it (sf-skills: service-agentforce-channel-configure). */
const AGENT_HINT =
  'Salesforce can drop the agent from a deploy. The deploy then sets it with the data API, before it activates channels.';

/** Between the deploy job and the update of the record, sessions have no agent if Salesforce drops it. */
function agentChanged(impactCase: ImpactCase): ImpactAssessment {
  const { impact, effect } = routingChanged(impactCase);
  if (impact === 'none') return none(`${effect} ${AGENT_HINT}`);
  return disruptive(`${effect} ${AGENT_HINT} Sessions that start in between can be without an agent.`);
}

function activationChanged(impactCase: ImpactCase): ImpactAssessment {
  return impactCase.difference.to === 'true' ? channelActivated(impactCase) : channelDeactivated(impactCase);
}

function channelDeactivated({ name }: ImpactCase): ImpactAssessment {
  return disruptive(
    `Deactivates ${name}. Nobody can start a chat on it. Salesforce doesn't document what happens to open chats.`,
  );
}

/** Who can start a chat on a channel after the deploy, as a sentence. */
function whoCanChat(channel: ImpactCase['after'], { live, target }: ImpactContext): string {
  if (!verifiesUsers(channel)) return 'Unverified users can start a chat on it.';
  const reason = channel && verifiesNobodyReason(new Map([...live, ...target]), channel);
  return reason === undefined
    ? 'Customers with a valid token can start a chat on it.'
    : `Nobody can start a chat on it, because ${reason}.`;
}

/** Activating an existing channel is disruptive, because an admin might have deactivated it for a reason. */
function channelActivated({ before, after, name, context }: ImpactCase): ImpactAssessment {
  const users = whoCanChat(after, context);
  const hint = chatDeploymentsFor(context.target, name).length > 0 ? '' : ' No declared chat deployment uses it.';
  if (!before) return visible(`Activates ${name}. ${users}${hint}`);
  return disruptive(
    `Activates ${name}, which is inactive in the org. ${users} To leave it inactive, add it to "inactive" in the org file.`,
  );
}

/** Routing is part of the channel, so a deploy changes it at once (sf-skills: live-traffic gate). */
function routingChanged(impactCase: ImpactCase): ImpactAssessment {
  const { difference, name } = impactCase;
  const targetOf = (value: string | null): string => (value === null || value === '' ? 'nobody' : value);
  const [from, to] = [targetOf(difference.from), targetOf(difference.to)];
  return disruptiveIfActive(
    impactCase,
    `Changes routing. New messaging sessions on ${name} go to ${to} instead of ${from}.`,
  );
}
