import { diffOrg } from '../plan';
import { ToolError } from '../errors';
import { overlay } from '../metadata';
import { keyOf, mapOf, referencesOf, type Component, type ComponentMap, type DesiredState, type Plan } from '../model';
import type { LiveOrg } from './read-org';
import { remainingChanges } from './transition';

/** Lays what an org should hold over what it holds, and plans the difference. Pure: nothing is written. */
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

/** Salesforce takes Web_Chat and web_chat for one name, so what looks new would overwrite the other as a whole. */
function assertSameCase(live: ComponentMap, component: Component): void {
  const key = keyOf(component);
  if (live.has(key)) return;
  const other = [...live.keys()].find((each) => each.toLowerCase() === key.toLowerCase());
  if (!other) return;
  throw new ToolError('name-case', {
    what: `The source says ${key}, and the org has ${other}.`,
    why: 'To Salesforce both are one name, and a deployment would replace the one in the org as a whole.',
    fix: `Rename the file in the source to ${other.split(':')[1] ?? ''}.`,
  });
}

/** Deployments serve settings as of their last publication, so one is published when it or its channel changes. */
function deploymentsToPublish(
  target: ComponentMap,
  bundle: ComponentMap,
  activate: readonly string[],
): readonly string[] {
  return [...target.values()]
    .filter((component) => component.type === 'EmbeddedServiceConfig')
    .filter((deployment) => bundle.has(keyOf(deployment)) || servesChangedChannel(deployment, bundle, activate))
    .map(({ fullName }) => fullName);
}

const servesChangedChannel = (deployment: Component, bundle: ComponentMap, activate: readonly string[]): boolean =>
  referencesOf(deployment).some(({ name }) => bundle.has(`MessagingChannel:${name}`) || activate.includes(name));
