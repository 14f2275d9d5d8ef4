import type { Sf } from '../sf';

/** What a queue of an org is good for. */
export interface QueueFacts {
  readonly acceptsMessagingSessions: boolean;
  readonly hasRouting: boolean;
}

/** The queues of an org by developer name; chats need one that takes messaging sessions and has a routing configuration. */
export async function readQueues(sf: Sf, alias: string): Promise<ReadonlyMap<string, QueueFacts>> {
  const queues = await sf.query(alias, "SELECT DeveloperName, QueueRoutingConfigId FROM Group WHERE Type = 'Queue'");
  const objects = await sf.query(
    alias,
    "SELECT Queue.DeveloperName FROM QueueSobject WHERE SobjectType = 'MessagingSession'",
  );
  const messagingQueues = new Set(
    objects.map((row) => (row['Queue'] as { DeveloperName?: unknown } | null)?.DeveloperName),
  );
  return new Map(
    queues.map(({ DeveloperName: name, QueueRoutingConfigId: routing }) => [
      String(name),
      { acceptsMessagingSessions: messagingQueues.has(name), hasRouting: typeof routing === 'string' },
    ]),
  );
}
