import { deploymentsOf, firstBroken, walkChannel, type Walk } from '../chain';
import { keyOf, referencesOf, textAt, type Check, type ComponentKey, type ComponentMap } from '../model';
import { checkOf, failed, notProven, proven, type Finding } from './check';
import type { Stage } from './subject';

/** Whether a channel is set up: as the source states it, every link in place, somebody to answer, and permissions to see it all. */
export function configurationChecks(stage: Stage): readonly Check[] {
  const { fullName } = stage.channel;
  const walk = walkChannel(stage.picture, stage.channel, stage.means.now());
  return [
    checkOf('configuration', fullName, 'as stated', asStated(stage)),
    checkOf('configuration', fullName, 'every link', everyLink(walk)),
    checkOf('configuration', fullName, 'published', publication(walk)),
    checkOf('configuration', fullName, 'queue', queue(stage)),
  ];
}

/** What customers do not notice is for status to tell. */
function asStated({ subject: { desired, changes }, picture, channel }: Stage): Finding {
  const own = reached(desired.components, [
    keyOf(channel),
    ...deploymentsOf({ ...picture, components: desired.components }, channel.fullName).map(keyOf),
  ]);
  const felt = changes.filter(({ component, impact }) => own.has(component) && impact !== 'none');
  if (felt.length === 0) return proven('the org holds what the source states');
  const places = felt.map(({ component, path }) => `${component} ${path}`.trim());
  return failed(
    `${felt.length === 1 ? '1 setting differs' : `${felt.length} settings differ`}: ${places.join(', ')}. Mend: npm run deploy -- --org ${desired.org.alias}.`,
  );
}

/** A component and everything it references. */
function reached(components: ComponentMap, roots: readonly ComponentKey[]): ReadonlySet<string> {
  const found = new Set<string>();
  const open: string[] = [...roots];
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    const component = components.get(key as ComponentKey);
    if (found.has(key)) continue;
    found.add(key);
    if (component) open.push(...referencesOf(component).map(({ type, name }) => `${type}:${name}`));
  }
  return found;
}

/** All links but the last, which takes a while to follow and has a check of its own. */
function everyLink(walk: Walk): Finding {
  const gap = firstBroken(walk);
  if (gap && gap.link !== 'published') return failed(`${gap.link}: ${gap.detail} Mend: ${gap.fix}`);
  const unseen = walk.links.filter(({ state }) => state === 'unknown');
  if (unseen.length > 0) return notProven(unseen.map(({ link, detail }) => `${link}: ${detail}`).join(' '));
  return proven('from the keyset to the deployment');
}

function publication({ links }: Walk): Finding {
  const last = links.find(({ link }) => link === 'published');
  if (!last) return notProven('A link before it is broken.');
  return last.state === 'broken' ? failed(`${last.detail} Mend: ${last.fix}`) : proven(last.detail);
}

function queue({ subject, channel }: Stage): Finding {
  const name = textAt(channel.root, 'sessionHandlerQueue') ?? '';
  const facts = subject.queues.get(name);
  if (name === '') return failed('The channel names no queue, so nobody answers.');
  if (!facts)
    return failed(
      `There is no queue ${name} that takes messaging sessions (Setup: Queues; Supported Objects: Messaging Session).`,
    );
  if (!facts.takesMessagingSessions)
    return failed(`${name} does not take messaging sessions (Setup: Queues; Supported Objects: Messaging Session).`);
  if (facts.hasRouting) return proven(name);
  return failed(`${name} has no routing configuration: chats say "Agents are not available. Try again later."`);
}

/** Whether the login may see everything that a proof rests on. */
export const permissionCheck = (missing: readonly string[]): Check =>
  checkOf(
    'configuration',
    '',
    'permissions',
    missing.length === 0 ? proven('all there') : failed(`missing: ${missing.join(', ')}`),
  );
