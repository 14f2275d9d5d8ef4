import { firstFailure, traceChannel, type ChainTrace } from '../explain';
import {
  chatDeploymentsFor,
  keyOf,
  referencesOf,
  textAt,
  type Check,
  type ComponentKey,
  type ComponentMap,
} from '../model';
import { toCheck, failed, inconclusive, passed, type CheckResult } from './check';
import type { ChannelContext } from './context';

/** Whether a channel is set up: as the source states it, every link in place, somebody to answer, and permissions to see it all. */
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

/** What customers do not notice is for status to tell. */
function inSyncResult({ org: { desired, changes }, channel }: ChannelContext): CheckResult {
  const channelComponents = withReferences(desired.components, [
    keyOf(channel),
    ...chatDeploymentsFor(desired.components, channel.fullName).map(keyOf),
  ]);
  const visibleChanges = changes.filter(
    ({ component, impact }) => channelComponents.has(component) && impact !== 'none',
  );
  if (visibleChanges.length === 0) return passed('the org holds what the source states');
  const paths = visibleChanges.map(({ component, path }) => `${component} ${path}`.trim());
  return failed(
    `${visibleChanges.length === 1 ? '1 setting differs' : `${visibleChanges.length} settings differ`}: ${paths.join(', ')}. Mend: npm run deploy -- --org ${desired.org.alias}.`,
  );
}

/** A component and everything it references. */
function withReferences(components: ComponentMap, roots: readonly ComponentKey[]): ReadonlySet<string> {
  const visited = new Set<string>();
  const pending: string[] = [...roots];
  for (let key = pending.pop(); key !== undefined; key = pending.pop()) {
    const component = components.get(key as ComponentKey);
    if (visited.has(key)) continue;
    visited.add(key);
    if (component) pending.push(...referencesOf(component).map(({ type, name }) => `${type}:${name}`));
  }
  return visited;
}

/** All links but the last, which takes a while to follow and has a check of its own. */
function trustChainResult(trace: ChainTrace): CheckResult {
  const failure = firstFailure(trace);
  if (failure && failure.link !== 'published') return failed(`${failure.link}: ${failure.detail} Mend: ${failure.fix}`);
  const inconclusiveSteps = trace.steps.filter(({ state }) => state === 'inconclusive');
  if (inconclusiveSteps.length > 0)
    return inconclusive(inconclusiveSteps.map(({ link, detail }) => `${link}: ${detail}`).join(' '));
  return passed('from the keyset to the deployment');
}

function publishedResult({ steps }: ChainTrace): CheckResult {
  const publishedStep = steps.find(({ link }) => link === 'published');
  if (!publishedStep) return inconclusive('A link before it is broken.');
  return publishedStep.state === 'failed'
    ? failed(`${publishedStep.detail} Mend: ${publishedStep.fix}`)
    : passed(publishedStep.detail);
}

function queueResult({ org, channel }: ChannelContext): CheckResult {
  const name = textAt(channel.root, 'sessionHandlerQueue') ?? '';
  const facts = org.queues.get(name);
  if (name === '') return failed('The channel names no queue, so nobody answers.');
  if (!facts)
    return failed(
      `There is no queue ${name} that takes messaging sessions (Setup: Queues; Supported Objects: Messaging Session).`,
    );
  if (!facts.acceptsMessagingSessions)
    return failed(`${name} does not take messaging sessions (Setup: Queues; Supported Objects: Messaging Session).`);
  if (facts.hasRouting) return passed(name);
  return failed(`${name} has no routing configuration: chats say "Agents are not available. Try again later."`);
}

/** Whether the login may see everything that a proof rests on. */
export const permissionCheck = (missing: readonly string[]): Check =>
  toCheck(
    'configuration',
    '',
    'permissions',
    missing.length === 0 ? passed('all there') : failed(`missing: ${missing.join(', ')}`),
  );
