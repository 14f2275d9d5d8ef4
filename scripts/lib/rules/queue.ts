import { childrenOf, componentsOf, textAt, type Component, type ComponentMap } from '../model';
import { locationAt, textOf } from './location';
import { error, violation, defineRules, warning, type Violation, type Rule } from './rule';
import { META_CHANNEL, SKILL_CHANNEL, SKILL_TEAMS } from './sources';

export const QUEUE_RULES = defineRules({
  'channel-without-queue': warning('A channel names a queue.', META_CHANNEL),
  'queue-without-sessions': error('A queue of a channel accepts messaging sessions.', SKILL_CHANNEL),
  'queue-without-routing': warning('A queue of a channel has a routing configuration.', SKILL_TEAMS),
});

/** The Metadata API guide requires a queue, also as the fallback of a flow. The WSDL doesn't. */
export function checkChannelQueue(channel: Component): readonly Violation[] {
  const location = locationAt(channel, 'sessionHandlerQueue');
  const isChat = textAt(channel.root, 'messagingChannelType') === 'EmbeddedMessaging';
  if (!isChat || textOf(location) !== undefined) return [];
  const message = 'sessionHandlerQueue is not set, so nobody receives the conversations of a new channel.';
  return [
    violation(
      QUEUE_RULES['channel-without-queue'],
      location,
      message,
      'Set sessionHandlerQueue to the developer name of a queue.',
    ),
  ];
}

/** Checks the queues that channels name and `components` contains. */
export function checkQueues(components: ComponentMap): readonly Violation[] {
  const referencedQueues = new Set(
    componentsOf(components, 'MessagingChannel').map(({ root }) => textAt(root, 'sessionHandlerQueue')),
  );
  return componentsOf(components, 'Queue')
    .filter(({ fullName }) => referencedQueues.has(fullName))
    .flatMap((queue) => [...checkSessions(queue), ...checkRouting(queue)]);
}

function checkSessions(queue: Component): readonly Violation[] {
  const objects = childrenOf(queue.root, 'queueSobject').map((item) => textAt(item, 'sobjectType'));
  if (objects.includes('MessagingSession')) return [];
  const message = "A channel routes to this queue, but the queue doesn't accept MessagingSession.";
  const fix = 'Add a queueSobject with sobjectType MessagingSession.';
  return [queueViolation(QUEUE_RULES['queue-without-sessions'], queue, 'queueSobject', message, fix)];
}

function checkRouting(queue: Component): readonly Violation[] {
  if (textAt(queue.root, 'queueRoutingConfig') !== undefined) return [];
  const message =
    'A channel routes to this queue, but the queue has no routing configuration. Customers see that no service rep is available.';
  const fix = 'Set queueRoutingConfig to the developer name of a QueueRoutingConfig.';
  return [queueViolation(QUEUE_RULES['queue-without-routing'], queue, 'queueRoutingConfig', message, fix)];
}

const queueViolation = (rule: Rule, queue: Component, path: string, message: string, fix: string): Violation =>
  violation(rule, locationAt(queue, path), message, fix);
