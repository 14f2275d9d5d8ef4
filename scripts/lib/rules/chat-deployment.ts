import { textAt, type Component } from '../model';
import { locationAt } from './location';
import { defineRules, error, violation, type Violation } from './rule';
import { SKILL_DEPLOYMENT } from './sources';

export const CHAT_DEPLOYMENT_RULES = defineRules({
  'chat-deployment-channel': error('A chat deployment for Enhanced Chat names its channel.', SKILL_DEPLOYMENT),
});

/** The WSDL doesn't require the channel, because chat deployments of other features have none. */
export function checkServedChannel({ root, ...component }: Component): readonly Violation[] {
  const location = locationAt({ root, ...component }, 'embeddedServiceMessagingChannel');
  if (textAt(root, 'deploymentFeature') !== 'EmbeddedMessaging' || location.element) return [];
  const message =
    "The chat deployment names no channel, so it would keep the one that it has in the org, and a change of it isn't detected.";
  return [
    violation(
      CHAT_DEPLOYMENT_RULES['chat-deployment-channel'],
      location,
      message,
      'Set messagingChannel in embeddedServiceMessagingChannel to the developer name of a channel.',
    ),
  ];
}
