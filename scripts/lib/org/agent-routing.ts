import { ToolError } from '../errors';
import { componentsOf, textAt, type Plan } from '../model';
import type { Sf } from '../sf';
import { allSettledOrThrow } from './post-deploy';
import type { ReportStep } from './progress';
import { quoted } from './soql';

/** A channel whose sessions an Agentforce Service Agent handles, with the developer names of the agent and the fallback queue. */
interface AgentRoute {
  readonly channel: string;
  readonly agent: string;
  readonly queue: string | undefined;
}

/**
 * Sets SessionHandlerId and FallbackQueueId of the deployed channels that route to an agent, if they aren't set yet: Salesforce
 * accepts `sessionHandlerAsa` in a deploy and silently drops it (sf-skills: service-agentforce-channel-configure; another
 * playbook says that it is bound). Both fields are read first, so nothing is written to an org that bound the agent.
 */
export async function routeToAgents(sf: Sf, { org, toDeploy }: Plan, reportStep: ReportStep): Promise<void> {
  const { alias } = org;
  const routes = componentsOf(toDeploy, 'MessagingChannel').flatMap(({ fullName, root }): AgentRoute[] => {
    const agent = textAt(root, 'sessionHandlerAsa');
    return agent === undefined ? [] : [{ channel: fullName, agent, queue: textAt(root, 'sessionHandlerQueue') }];
  });
  if (routes.length === 0) return;
  const channels = await readByName(
    sf,
    alias,
    'MessagingChannel',
    CHANNEL_FIELDS,
    routes.map(({ channel }) => channel),
  );
  const agents = await readByName(
    sf,
    alias,
    'BotDefinition',
    '',
    routes.map(({ agent }) => agent),
  );
  const queues = await readByName(
    sf,
    alias,
    'Group',
    '',
    routes.flatMap(({ queue }) => queue ?? []),
    QUEUES_ONLY,
  );
  const updates = routes.flatMap((route) => {
    const [record, agent] = [recordFor(channels, alias, route.channel), recordFor(agents, alias, route.agent)];
    const queueId = route.queue === undefined ? undefined : recordFor(queues, alias, route.queue)['Id'];
    const hasQueue = queueId === undefined || record['FallbackQueueId'] === queueId;
    const isSet = record['SessionHandlerId'] === agent['Id'] && hasQueue;
    return isSet ? [] : [{ ...route, id: record['Id'], handlerId: agent['Id'], queueId }];
  });
  if (updates.length === 0) return;
  reportStep('routing', updates.map(({ channel, agent }) => `${channel} to ${agent}`).join(', '));
  await allSettledOrThrow(
    updates.map(({ id = '', handlerId = '', queueId }) =>
      sf.setSessionHandler(alias, id, { handlerId, ...(queueId !== undefined && { queueId }) }),
    ),
  );
}

const CHANNEL_FIELDS = ', SessionHandlerId, FallbackQueueId';
const QUEUES_ONLY = "Type = 'Queue' AND ";

type NamedRecord = Readonly<Record<string, string | undefined>>;

/** Records by developer name. Salesforce ignores the case of names. */
async function readByName(
  sf: Sf,
  alias: string,
  object: string,
  fields: string,
  names: readonly string[],
  condition = '',
): Promise<ReadonlyMap<string, NamedRecord>> {
  if (names.length === 0) return new Map();
  const list = [...new Set(names)].map(quoted).join(', ');
  const soql = `SELECT Id, DeveloperName${fields} FROM ${object} WHERE ${condition}DeveloperName IN (${list})`;
  const rows = (await sf.query(alias, soql)) as readonly NamedRecord[];
  return new Map(rows.map((row) => [row['DeveloperName']?.toLowerCase() ?? '', row]));
}

function recordFor(records: ReadonlyMap<string, NamedRecord>, alias: string, name: string): NamedRecord {
  const record = records.get(name.toLowerCase());
  if (record) return record;
  throw new ToolError('routing-failed', {
    what: `${name} isn't listed in "${alias}", so the agent of its channel isn't set.`,
    why: 'The deploy succeeded. The query for its record ID returned no record with this name.',
    fix: `Check in Setup that ${name} exists and is active, then run the command again.`,
  });
}
