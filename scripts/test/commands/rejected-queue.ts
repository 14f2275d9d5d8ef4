import { queueXml, routingXml } from '../local-org/samples';
import type { OrgSetup } from './fleet';

/**
 * An org whose own queue does not take messaging sessions. No rule of ours can know that, for the queue is not in the
 * source: Salesforce alone refuses a channel that is routed to it.
 */
export const rejectedQueueOrg: OrgSetup = {
  seed: [
    { path: 'queueRoutingConfigs/Chat.queueRoutingConfig', content: routingXml },
    { path: 'queues/Deaf.queue', content: queueXml.replace('MessagingSession', 'Case') },
  ],
  config: {
    channels: ['Guest_Web_Chat'],
    existing: ['Queue:Deaf'],
    overrides: { MessagingChannel: { Guest_Web_Chat: { sessionHandlerQueue: 'Deaf' } } },
  },
};
