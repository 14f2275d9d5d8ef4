import { diffOrg } from '../plan';
import { ToolError } from '../errors';
import { hasDateProblem, thumbprintsOf } from '../jwk';
import { overlay } from '../metadata';
import {
  closeTrust,
  npmRun,
  lacksSite,
  componentsOf,
  findUndeclaredTrust,
  parseKey,
  keyOf,
  mapOf,
  referencesOf,
  retirementOf,
  textAt,
  withOrgValues,
  withoutReplacedKeysets,
  withTrustDefaults,
  testClassesOf,
  signerRecordsIn,
  signerRecordTrust,
  type Change,
  type Component,
  type ComponentKey,
  type ComponentMap,
  type ComponentType,
  type DesiredState,
  type Plan,
  type Transition,
  type TrustPolicy,
} from '../model';
import type { LiveOrg } from './read-org';
import { assertNotTrusted, revokeCompromisedKeys } from './compromised-keys';
import { remainingChanges, transitionTarget } from './transition';

/**
 * Plans the changes that bring an org from its live state to its desired state. Pure: nothing is written. `revokeBy` says how
 * undeclared user verification configurations are revoked. Throws `compromised-key` if the plan would trust a compromised key, and
 * `conflicting-setting` if it would leave a chat deployment of type Web without a site.
 */
export function planOrg(desired: DesiredState, live: LiveOrg, revokeBy?: TrustPolicy['revokeBy']): Plan {
  const { org, components, transition } = desired;
  const liveKeys = new Map([...live.components.keys()].reverse().map((key) => [key.toLowerCase(), key]));
  for (const component of components.values()) assertSameCase(live.components, liveKeys, component);
  const { facts } = live;
  const target = desiredTarget(desired, live.components, revokeBy);
  const deployed = transition ? transitionTarget(live, transition) : target;
  assertNotTrusted(desired, new Map([...live.components, ...deployed]), deployed);
  for (const each of deployed.values()) assertHasSite(org.alias, live.components.get(keyOf(each)), each);
  const common = { org, facts, undeclaredTrust: undeclaredTrustOf(desired, live.components) };
  if (transition) {
    const remaining = remainingChanges(live, transition, revokeBy);
    const tests = testsFor(
      remaining,
      (transition.tests ?? []).filter((name) => !isDeleted(transition, name)),
    );
    return { ...common, ...remaining, publish: transition.publish, tests };
  }
  const retirement = retirementOf(org.retired, new Map([...live.components, ...target]), {
    kept: keptKeys(desired),
    canDeploy,
    ...(revokeBy && { revokeBy }),
  });
  const end = new Map([...target, ...retirement.components]);
  const absent = [...retirement.absent, ...signerRecordsIn(desired, live.components)];
  absent.forEach((key) => end.delete(key));
  const inactive = [...org.inactive, ...unmanagedChannels(end, components)];
  const comparison = diffOrg(live, end, inactive, { ...retirement, absent });
  const publish = deploymentsToPublish(end, comparison.toDeploy, comparison.activate);
  const tests = testsFor(comparison, runsTests(org) ? testClassesOf(components) : []);
  return { ...common, ...comparison, changes: revocationsFirst(comparison.changes, components), publish, tests };
}

/**
 * Salesforce requires the tests of the deployed Apex classes in production (Metadata API guide, "Running Tests in a Deployment").
 */
const runsTests = ({ kind, memberSite }: DesiredState['org']): boolean =>
  memberSite !== undefined && (memberSite.runTests ?? kind === 'production');

/** The tests of a deploy job. A job without Apex runs none. */
const testsFor = ({ toDeploy }: Pick<Plan, 'toDeploy'>, tests: readonly string[]): readonly string[] =>
  [...toDeploy.keys()].some((key) => parseKey(key).type === 'ApexClass') ? tests : [];

const isDeleted = ({ to }: Transition, test: string): boolean => to.components.get(`ApexClass:${test}`) === null;

/**
 * The trust of an org that its desired state doesn't declare. The state before a run, which a rollback restores, declares
 * nothing.
 */
export const undeclaredTrustOf = (desired: DesiredState, live: ComponentMap): Plan['undeclaredTrust'] =>
  desired.transition?.to.partial === false ? [] : trustOutsideSource(desired, live);

/** The trust of an org that source doesn't declare, whatever is applied to the org. */
export const trustOutsideSource = (desired: DesiredState, live: ComponentMap): Plan['undeclaredTrust'] => [
  ...findUndeclaredTrust(live, new Map([...live, ...desiredTarget(desired, live)]), desired.components),
  ...signerRecordsIn(desired, live).map(signerRecordTrust),
];

/** Throws `compromised-key` if the end of a transition would trust a compromised key. */
export function assertTransitionTrust(desired: DesiredState, live: Pick<LiveOrg, 'components'>): void {
  const { transition } = desired;
  const end: ComponentMap = transition ? transitionTarget(live, transition) : new Map();
  assertNotTrusted(desired, new Map([...live.components, ...end]), end);
}

/**
 * The components of an org as a deploy leaves them: declared values merged into the live ones, without undeclared trust. Trust
 * settings that source omits have Salesforce's default. Compromised keys are revoked even where the org file accepts them.
 */
export function desiredTarget(
  desired: DesiredState,
  live: ComponentMap,
  revokeBy?: TrustPolicy['revokeBy'],
): ComponentMap {
  const { org } = desired;
  const declared = mapOf([...desired.components.values()].map(withTrustDefaults));
  const accepted = { entries: org.alsoTrusted, thumbprintsOf };
  const merged = mergeDeclared(live, withoutReplacedKeysets(declared, live, accepted));
  const target = new Map([...merged, ...revokeCompromisedKeys(desired, new Map([...live, ...merged]))]);
  return closeTrust(target, live, { declared, accepted, canDeploy, ...(revokeBy && { revokeBy }) });
}

/** Salesforce rejects expired certificates in a deploy. */
const canDeploy = (key: Component): boolean => !hasDateProblem(key, new Date());

/** Channels that lose undeclared trust and stay as active as they are, because source doesn't manage them. */
const unmanagedChannels = (end: ComponentMap, declared: ComponentMap): readonly string[] =>
  componentsOf(end, 'MessagingChannel')
    .filter((channel) => !declared.has(keyOf(channel)))
    .map(({ fullName }) => fullName);

/** The components that a retirement doesn't touch: declared ones, existing ones, and accepted trust. */
const keptKeys = ({ org, components }: DesiredState): ReadonlySet<string> =>
  new Set([...components.keys(), ...org.existing, ...org.alsoTrusted.map(({ component }) => component)]);

/** Undeclared trust is the most urgent part of a plan. Only a revocation removes an item or changes an undeclared component. */
function revocationsFirst(changes: readonly Change[], declared: ComponentMap): readonly Change[] {
  const isRevocation = ({ component, path, to }: Change): boolean =>
    !declared.has(component) || (path !== '' && to === null);
  return [...changes.filter(isRevocation), ...changes.filter((change) => !isRevocation(change))];
}

/** Declared components with their values merged into the live ones. */
export const mergeDeclared = (live: ComponentMap, declared: ComponentMap): ComponentMap =>
  mapOf([...declared.values()].map((component) => overlayLive(live, withLiveName(component, live))));

/** The elements that identify an origin or a Trusted URL under any name. */
const URL_ELEMENTS: Partial<Record<ComponentType, string>> = {
  CorsWhitelistOrigin: 'urlPattern',
  CspTrustedSite: 'endpointUrl',
};

/** A component under the name that the org has its URL under, so that an org that was set up by hand doesn't get a second one. */
function withLiveName(component: Component, live: ComponentMap): Component {
  const path = URL_ELEMENTS[component.type];
  if (path === undefined || live.has(keyOf(component))) return component;
  const urlOf = ({ root }: Component): string | undefined => textAt(root, path)?.toLowerCase();
  const same = componentsOf(live, component.type).find((each) => urlOf(each) === urlOf(component));
  return same ? { ...component, fullName: same.fullName } : component;
}

function overlayLive(live: ComponentMap, component: Component): Component {
  const before = live.get(keyOf(component));
  const target = withOrgValues(component, before);
  return before ? { ...target, root: overlay(before.root, target.root) } : target;
}

/** Salesforce ignores case in names, so a component whose name differs only in case would replace the one in the org. */
function assertSameCase(live: ComponentMap, liveKeys: ReadonlyMap<string, ComponentKey>, component: Component): void {
  const key = keyOf(component);
  if (live.has(key)) return;
  const other = liveKeys.get(key.toLowerCase());
  if (!other) return;
  throw new ToolError('name-case', {
    what: `The source declares ${key}, but the org has ${other}.`,
    why: 'Salesforce ignores case in names, so a deploy would replace the whole component in the org.',
    fix: `Rename the file in the source to ${parseKey(other).fullName}.`,
  });
}

function assertHasSite(alias: string, live: Component | undefined, target: Component): void {
  if (!live || !lacksSite(live, target)) return;
  const type = textAt(live.root, 'deploymentType');
  throw new ToolError('conflicting-setting', {
    what: `The type of the chat deployment ${target.fullName} in "${alias}" can't be changed to Web. Nothing was deployed to it.`,
    why: `The org has it ${type === undefined ? 'without a type' : `with the type ${type}`} and without a site. Salesforce creates the site only with a new chat deployment, and no page can load a Web deployment without its site.`,
    fix: `Give the chat deployment another name in the source, or delete it in the org (Setup, Embedded Service Deployments). Then run: ${npmRun('plan', '--org', alias)}`,
  });
}

/** A chat deployment uses the settings of its last publication, so it's published if it or its channel changes. */
function deploymentsToPublish(
  target: ComponentMap,
  toDeploy: ComponentMap,
  activate: readonly string[],
): readonly string[] {
  const activated = new Set(activate);
  return [...target.values()]
    .filter((component) => component.type === 'EmbeddedServiceConfig')
    .filter((deployment) => toDeploy.has(keyOf(deployment)) || usesChangedChannel(deployment, toDeploy, activated))
    .map(({ fullName }) => fullName);
}

const usesChangedChannel = (deployment: Component, toDeploy: ComponentMap, activated: ReadonlySet<string>): boolean =>
  referencesOf(deployment).some(({ name }) => toDeploy.has(`MessagingChannel:${name}`) || activated.has(name));
