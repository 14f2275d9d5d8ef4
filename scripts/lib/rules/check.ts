import { answersOf, type Evidence } from '../evidence';
import { isComponentType } from '../model';
import type { Component, ComponentMap, ComponentType, DesiredState, Finding, UndeployedComponents } from '../model';
import { acceptFindings } from './accept';
import { checkApiVersion, versionNumber, type ApiVersion } from './api-version';
import { checkApps } from './app';
import { checkAuthorizations } from './authorization';
import { checkChannel } from './channel';
import { checkCompromisedKeys } from './compromised-key';
import { withEvidence } from './evidence';
import { checkEndpoint, isLocalEndpoint } from './endpoint';
import { checkExpirations } from './expiration';
import { checkFleet } from './fleet';
import { sortFindings, dedupe, perOrgFindings } from './findings';
import { checkConfigurationNames } from './configuration-name';
import { checkKey } from './key';
import { checkKeyset } from './keyset';
import { checkKeysetKeys } from './keyset-keys';
import { checkPlaceholders } from './placeholder';
import { checkChannelQueue, checkQueues } from './queue';
import { checkReferences } from './references';
import { findingOf, type Violation } from './rule';
import { checkChatApiUrl } from './chat-api-url';
import { checkServedChannel } from './chat-deployment';
import { checkSchema } from './schema';
import { checkOrgValues } from './web-deployment';

/** The input of the rules. */
export interface RuleInput {
  /** Every component in the package directories, without overrides. */
  readonly source: ComponentMap;
  /** Components that the project contains and no org receives. */
  readonly undeployed?: UndeployedComponents;
  /** The desired state of each org, overrides applied. */
  readonly orgs: readonly DesiredState[];
  /** sourceApiVersion of sfdx-project.json. */
  readonly apiVersion: ApiVersion;
  /** Certificates are compared with this time. */
  readonly now: Date;
  /** The answers that `calibrate` found in orgs. Default: none. */
  readonly evidence?: readonly Evidence[];
}

/**
 * Checks the source, the desired state of each org (an override can break what is valid in the source), and the orgs
 * against each other. Returns every finding once, sorted by file and line; what the org files accept, with a lower severity.
 */
export function check({
  source,
  undeployed = new Map(),
  orgs,
  apiVersion,
  now,
  evidence = [],
}: RuleInput): readonly Finding[] {
  const version = versionNumber(apiVersion);
  const sourceViolations = [
    ...checkApiVersion(apiVersion),
    ...withEvidence(checkComponents(source, now, version), answersOf(evidence)),
    ...checkKeysetKeys(source, now),
    ...checkQueues(source),
  ];
  const orgFindings = orgs.map((desired) => ({
    org: desired.org,
    findings: [
      ...withEvidence(checkComponents(desired.components, now, version), answersOf(evidence, desired.org.alias)).filter(
        (each) => !isLocalEndpoint(desired.org, each),
      ),
      ...orgViolations(desired, now),
      ...checkReferences(desired.components, new Set(desired.org.existing), undeployed),
      ...checkCompromisedKeys(desired),
      ...checkChatApiUrl(desired.org),
    ].map(findingOf),
  }));
  const sourceFindings = dedupe([...sourceViolations, ...checkFleet(source, orgs, now)].map(findingOf));
  const findings = sortFindings([...sourceFindings, ...perOrgFindings(orgFindings, sourceFindings)]);
  return acceptFindings(findings, orgs, now);
}

/**
 * Checks an org as a whole, as it is after a deploy: `desired` includes the components that only the org has. References
 * and single components aren't checked. A finding about a component that only the org has has an empty `file`.
 */
export const checkOrg = (desired: DesiredState, now: Date): readonly Finding[] =>
  sortFindings(dedupe(orgViolations(desired, now).map(findingOf)));

/**
 * The errors that declared and live components don't have alone, but have in each of the `merged` states: a setting that only
 * the org has conflicts with a declared one. Unknown elements of the org aren't errors.
 */
export function mergeConflicts(
  live: ComponentMap,
  declared: ComponentMap,
  merged: readonly ComponentMap[],
  now: Date,
): readonly Finding[] {
  const errorsOf = (components: ComponentMap): ReadonlyMap<string, Violation> =>
    new Map(
      [...declared.keys()]
        .flatMap((key) => components.get(key) ?? [])
        .flatMap((component) => typeViolations(component, now))
        .filter(({ rule }) => rule.severity === 'error')
        .map((each) => [[each.rule.id, each.location.component, each.location.path].join(' '), each]),
    );
  const [known, [first, ...others]] = [[live, declared].map(errorsOf), merged.map(errorsOf)];
  return [...(first ?? [])]
    .filter(([key]) => known.every((each) => !each.has(key)) && others.every((each) => each.has(key)))
    .map(([, each]) => findingOf(each));
}

const orgViolations = ({ components }: DesiredState, now: Date): readonly Violation[] => [
  ...checkKeysetKeys(components, now),
  ...checkConfigurationNames(components),
  ...checkApps(components),
  ...checkQueues(components),
];

type ComponentCheck = (component: Component, now: Date) => readonly Violation[];

const COMPONENT_CHECKS: Partial<Record<ComponentType, readonly ComponentCheck[]>> = {
  MessagingChannel: [checkChannel, checkExpirations, checkAuthorizations, checkChannelQueue],
  PublicKeyCertificateSet: [checkKeyset, checkEndpoint],
  PublicKeyCertificate: [checkKey],
  EmbeddedServiceConfig: [checkOrgValues, checkServedChannel],
};

/** The rules of single components. */
const checkComponents = (components: ComponentMap, now: Date, version: number): readonly Violation[] =>
  [...components.values()]
    .filter(({ type }) => isComponentType(type))
    .flatMap((component) => [
      ...checkSchema(component, version),
      ...checkPlaceholders(component),
      ...typeViolations(component, now),
    ]);

/** The violations of the rules of a component's type. */
const typeViolations = (component: Component, now: Date): readonly Violation[] =>
  (COMPONENT_CHECKS[component.type] ?? []).flatMap((checkComponent) => checkComponent(component, now));
