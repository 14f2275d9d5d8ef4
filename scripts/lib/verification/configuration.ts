import { firstFailure, traceChannel, traceUnverifiedChannel, type ChainTrace } from '../explain';
import {
  chatDeploymentsFor,
  keyOf,
  referencesOf,
  textAt,
  type Check,
  type ComponentKey,
  type ComponentMap,
  npmRun,
} from '../model';
import { pluralize } from '../report';
import { describeFailure } from './acceptance';
import { toCheck, failed, inconclusive, passed, type CheckResult } from './check';
import type { ChannelContext } from './context';

/** Checks the setup of a channel: in sync, complete trust chain, published, and a queue that receives its conversations. */
export function configurationChecks(context: ChannelContext): readonly Check[] {
  const { fullName } = context.channel;
  const trace = traceChannel(context.orgView, context.channel, context.options.now());
  return [
    toCheck('configuration', fullName, 'in sync', inSyncResult(context)),
    toCheck('configuration', fullName, 'trust chain', trustChainResult(trace)),
    toCheck('configuration', fullName, 'published', publishedResult(trace)),
    toCheck('configuration', fullName, 'queue', queueResult(context)),
  ];
}

/** Checks the setup of a channel without user verification: in sync, reachable, published, and a queue. */
export function unverifiedConfigurationChecks(context: ChannelContext): readonly Check[] {
  const { fullName } = context.channel;
  const trace = traceUnverifiedChannel(context.orgView, context.channel, context.options.now());
  const failure = firstFailure(trace);
  const reachable =
    failure && failure.link !== 'published'
      ? failed(describeFailure(failure))
      : passed('The channel is active and has a chat deployment.');
  return [
    toCheck('configuration', fullName, 'in sync', inSyncResult(context)),
    toCheck('configuration', fullName, 'reachable', reachable),
    toCheck('configuration', fullName, 'published', publishedResult(trace)),
    toCheck('configuration', fullName, 'queue', queueResult(context)),
  ];
}

/** Counts only differences with customer impact on this channel; `plan` and `status` show all. */
function inSyncResult({ org: { desired, changes }, channel }: ChannelContext): CheckResult {
  const channelComponents = withReferences(desired.components, [
    keyOf(channel),
    ...chatDeploymentsFor(desired.components, channel.fullName).map(keyOf),
  ]);
  const visibleChanges = changes.filter(
    ({ component, impact }) => channelComponents.has(component) && impact !== 'none',
  );
  if (visibleChanges.length === 0) return passed('No difference affects customers of this channel.');
  const paths = visibleChanges.map(({ component, path }) => `${component} ${path}`.trim());
  return failed(
    `${visibleChanges.length} of ${pluralize(changes.length, 'difference')} in the org affect customers of this channel: ${paths.join(', ')}. Fix: ${npmRun('deploy', '--org', desired.org.alias)}`,
  );
}

/** The roots and all components that they reference, directly or indirectly. */
function withReferences(components: ComponentMap, roots: readonly ComponentKey[]): ReadonlySet<string> {
  const visited = new Set<string>();
  const pending: string[] = [...roots];
  for (let key = pending.pop(); key !== undefined; key = pending.pop()) {
    const component = components.get(key as ComponentKey);
    if (visited.has(key)) continue;
    visited.add(key);
    for (const { type, name } of component ? referencesOf(component) : []) pending.push(`${type}:${name}`);
  }
  return visited;
}

/** Covers all steps but `published`, which can take 10 minutes after a deploy and has a check of its own. */
function trustChainResult(trace: ChainTrace): CheckResult {
  const failure = firstFailure(trace);
  if (failure && failure.link !== 'published') return failed(describeFailure(failure));
  const inconclusiveSteps = trace.steps.filter(({ link, state }) => state === 'inconclusive' && link !== 'published');
  if (inconclusiveSteps.length > 0)
    return inconclusive(inconclusiveSteps.map(({ link, detail }) => `${link}: ${detail}`).join(' '));
  return passed('from the keyset to the chat deployment');
}

function publishedResult({ steps }: ChainTrace): CheckResult {
  const publishedStep = steps.find(({ link }) => link === 'published');
  if (!publishedStep) return inconclusive('An earlier step failed.');
  if (publishedStep.state === 'inconclusive') return inconclusive(publishedStep.detail);
  return publishedStep.state === 'failed'
    ? failed(`${publishedStep.detail} Fix: ${publishedStep.fix}`)
    : passed(publishedStep.detail);
}

const SESSIONS_FIX = 'Fix: in Setup: Queues, add Messaging Session to its Supported Objects.';

function queueResult({ org, channel }: ChannelContext): CheckResult {
  const name = textAt(channel.root, 'sessionHandlerQueue') ?? '';
  const queue = org.queues.get(name);
  if (name === '') return failed('The channel has no queue, so no service rep receives its conversations.');
  if (!queue) return failed(`No queue ${name} with Messaging Session as a supported object exists. ${SESSIONS_FIX}`);
  if (!queue.acceptsMessagingSessions)
    return failed(`The queue ${name} doesn't accept messaging sessions. ${SESSIONS_FIX}`);
  if (queue.hasRouting) return passed(name);
  return failed(
    `The queue ${name} has no routing configuration. Customers see "Agents are not available. Try again later." Fix: assign a routing configuration.`,
  );
}

/** Checks that the login can read everything that verification needs. */
export const permissionCheck = (missing: readonly string[]): Check =>
  toCheck(
    'configuration',
    '',
    'permissions',
    missing.length === 0 ? passed('complete') : failed(`Missing permissions: ${missing.join(', ')}.`),
  );
