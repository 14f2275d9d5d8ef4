import { childrenOf, componentsOf, textAt, type Component, type ComponentMap } from '../model';
import { locationAt, textOf } from './location';
import { error, violation, defineRules, warning, type Violation, type Rule } from './rule';
import { META_CHANNEL, SKILL_CHANNEL, SKILL_TEAMS } from './sources';

export const QUEUE_RULES = defineRules({
  'channel-without-queue': warning('A channel names the queue that its conversations go to.', META_CHANNEL),
  'queue-without-sessions': error('A queue of a channel takes messaging sessions.', SKILL_CHANNEL),
  'queue-without-routing': warning('A queue of a channel has a routing configuration.', SKILL_TEAMS),
});

/** The Metadata API guide asks for a queue, also as the fallback of a flow; the WSDL does not. */
export function checkChannelQueue(channel: Component): readonly Violation[] {
  const location = locationAt(channel, 'sessionHandlerQueue');
  const isChat = textAt(channel.root, 'messagingChannelType') === 'EmbeddedMessaging';
  if (!isChat || textOf(location) !== undefined) return [];
  const message = 'sessionHandlerQueue is not stated: nobody gets the conversations of a new channel.';
  return [violation(QUEUE_RULES['channel-without-queue'], location, message, 'State the developer name of a queue.')];
}

/** The queues that channels name, as far as the source has them. */
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
  const message = 'A channel routes to this queue, but it does not take MessagingSession.';
  const fix = 'Add a queueSobject with the sobjectType MessagingSession.';
  return [queueViolation(QUEUE_RULES['queue-without-sessions'], queue, 'queueSobject', message, fix)];
}

function checkRouting(queue: Component): readonly Violation[] {
  if (textAt(queue.root, 'queueRoutingConfig') !== undefined) return [];
  const message =
    'A channel routes to this queue, but it has no routing configuration: customers are told that no agent is available.';
  const fix = 'State the developer name of a QueueRoutingConfig in queueRoutingConfig.';
  return [queueViolation(QUEUE_RULES['queue-without-routing'], queue, 'queueRoutingConfig', message, fix)];
}

const queueViolation = (rule: Rule, queue: Component, path: string, message: string, fix: string): Violation =>
  violation(rule, locationAt(queue, path), message, fix);
