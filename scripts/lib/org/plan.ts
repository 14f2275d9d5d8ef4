import { diffOrg } from '../plan';
import { ToolError } from '../errors';
import { overlay } from '../metadata';
import {
  parseKey,
  keyOf,
  mapOf,
  referencesOf,
  type Component,
  type ComponentMap,
  type DesiredState,
  type Plan,
} from '../model';
import type { LiveOrg } from './read-org';
import { remainingChanges } from './transition';

/** Plans the changes that bring an org from its live state to its desired state. Pure: nothing is written. */
export function planOrg({ org, components, transition }: DesiredState, live: LiveOrg): Plan {
  for (const component of components.values()) assertSameCase(live.components, component);
  const { facts } = live;
  if (transition) return { org, facts, ...remainingChanges(live, transition), publish: transition.publish };
  const target = mapOf([...components.values()].map((component) => overlayLive(live.components, component)));
  const comparison = diffOrg(live, target, org.inactive);
  return { org, facts, ...comparison, publish: deploymentsToPublish(target, comparison.toDeploy, comparison.activate) };
}

function overlayLive(live: ComponentMap, component: Component): Component {
  const before = live.get(keyOf(component));
  return before ? { ...component, root: overlay(before.root, component.root) } : component;
}

/** Salesforce ignores case in names, so a component whose name differs only in case would replace the one in the org. */
function assertSameCase(live: ComponentMap, component: Component): void {
  const key = keyOf(component);
  if (live.has(key)) return;
  const other = [...live.keys()].find((each) => each.toLowerCase() === key.toLowerCase());
  if (!other) return;
  throw new ToolError('name-case', {
    what: `The source declares ${key}, but the org has ${other}.`,
    why: 'Salesforce ignores case in names, so a deploy would replace the whole component in the org.',
    fix: `Rename the file in the source to ${parseKey(other).fullName}.`,
  });
}

/** A chat deployment uses the settings of its last publication, so it's published if it or its channel changes. */
function deploymentsToPublish(
  target: ComponentMap,
  toDeploy: ComponentMap,
  activate: readonly string[],
): readonly string[] {
  return [...target.values()]
    .filter((component) => component.type === 'EmbeddedServiceConfig')
    .filter((deployment) => toDeploy.has(keyOf(deployment)) || usesChangedChannel(deployment, toDeploy, activate))
    .map(({ fullName }) => fullName);
}

const usesChangedChannel = (deployment: Component, toDeploy: ComponentMap, activate: readonly string[]): boolean =>
  referencesOf(deployment).some(({ name }) => toDeploy.has(`MessagingChannel:${name}`) || activate.includes(name));
