import { child, children, childText } from '../metadata/xml';
import { unresolvedReference, type Rule } from './rule';
import { SOURCES } from './sources';

const type = 'MessagingChannel';

/** Rules for the routing of a channel. */
export const ROUTING_RULES: readonly Rule[] = [
  {
    name: 'channel-has-queue',
    type,
    source: SOURCES.channel,
    certainty: 'confirmed',
    textKnown: false,
    check({ root }) {
      if (childText(root, 'sessionHandlerQueue') || childText(root, 'messagingChannelType') !== 'EmbeddedMessaging') {
        return [];
      }
      // Metadata API guide: required, and the fallback if a flow, a user, or an agent handles the sessions.
      return [{ text: 'Required field is missing: sessionHandlerQueue', at: root }];
    },
  },
  {
    name: 'channel-queue-exists',
    type,
    source: SOURCES.channel,
    certainty: 'inferred',
    textKnown: false,
    check({ root }, view) {
      const at = child(root, 'sessionHandlerQueue');
      const queue = childText(root, 'sessionHandlerQueue');
      return at && queue && !view.has('Queue', queue)
        ? [unresolvedReference('sessionHandlerQueue', 'Queue', queue, at)]
        : [];
    },
  },
  {
    name: 'channel-queue-takes-messaging-sessions',
    type,
    source: SOURCES.channelPlaybook,
    certainty: 'confirmed',
    textKnown: false,
    check({ root }, view) {
      const at = child(root, 'sessionHandlerQueue');
      const queue = view.find('Queue', childText(root, 'sessionHandlerQueue') ?? '');
      const objects = children(queue, 'queueSobject').map((entry) => childText(entry, 'sobjectType'));
      if (!at || !queue || objects.includes('MessagingSession')) return [];
      return [{ text: `Queue ${at.text.trim()} does not support the object MessagingSession`, at }];
    },
  },
  {
    name: 'channel-flow-exists',
    type,
    source: SOURCES.channel,
    certainty: 'inferred',
    textKnown: false,
    check({ root }, view) {
      const at = child(root, 'sessionHandlerFlow');
      const flow = childText(root, 'sessionHandlerFlow');
      return at && flow && !view.has('Flow', flow) ? [unresolvedReference('sessionHandlerFlow', 'Flow', flow, at)] : [];
    },
  },
];
