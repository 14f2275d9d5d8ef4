import { queueXml, routingXml } from '../local-org/samples';
import type { OrgSetup } from './fleet';

/**
 * An org with an unmanaged queue that doesn't support messaging sessions. No rule can detect this, because the queue
 * isn't in source. Only Salesforce rejects a channel that is routed to it.
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
