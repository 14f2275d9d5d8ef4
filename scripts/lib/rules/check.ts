import type { Component, ComponentMap, ComponentType, DesiredState, Finding, SignerSetting } from '../model';
import { checkApiVersion, type ApiVersion } from './api-version';
import { checkApps } from './app';
import { checkAuthorizations } from './authorization';
import { checkChannel } from './channel';
import { checkEndpoint } from './endpoint';
import { checkExpirations } from './expiration';
import { checkFleet } from './fleet';
import { sortFindings, dedupe, perOrgFindings } from './findings';
import { checkConfigurationNames } from './configuration-name';
import { checkKey } from './key';
import { checkKeyset } from './keyset';
import { checkKeysetKeys } from './keyset-keys';
import { checkChannelQueue, checkQueues } from './queue';
import { checkReferences, checkSourceReferences } from './references';
import { findingOf, type Violation } from './rule';
import { checkChatApiUrl } from './chat-api-url';
import { checkSchema } from './schema';
import { checkSigner } from './signer';

/** Everything that the rules look at. */
export interface RuleInput {
  /** Everything in the package directories, as it stands. */
  readonly source: ComponentMap;
  /** What each org gets, overrides applied. */
  readonly orgs: readonly DesiredState[];
  /** sourceApiVersion of sfdx-project.json. */
  readonly apiVersion: ApiVersion;
  /** How orgs sign that mint their tokens in Apex. */
  readonly signers?: readonly SignerSetting[];
  /** Decides how long certificates still live. */
  readonly now: Date;
}

/**
 * Everything that is wrong, at once: in the source, in what each org gets of it (an override may break what the source
 * kept), and between the orgs. Each finding comes once, in the order of files and lines.
 */
export function check({ source, orgs, apiVersion, signers = [], now }: RuleInput): readonly Finding[] {
  const existingComponents = new Set(orgs.flatMap(({ org }) => org.existing));
  const sourceViolations = [
    ...checkApiVersion(apiVersion),
    ...checkComponents(source, now),
    ...checkKeysetKeys(source, now),
    ...checkQueues(source),
    ...checkSourceReferences(source, existingComponents),
  ];
  const orgFindings = orgs.map((desired) => ({
    org: desired.org,
    findings: [
      ...checkComponents(desired.components, now),
      ...orgViolations(desired, now),
      ...orgReferenceViolations(desired),
      ...checkSigner(desired, signers, now),
      ...checkChatApiUrl(desired.org),
    ].map(findingOf),
  }));
  const sourceFindings = dedupe([...sourceViolations, ...checkFleet(source, orgs, now)].map(findingOf));
  return sortFindings([...sourceFindings, ...perOrgFindings(orgFindings, sourceFindings)]);
}

/**
 * The rules that look at an org as a whole, for one as it will be: with what only the org has among its components.
 * References and the components by themselves are not judged. What only the org has is found with an empty `file`.
 */
export const checkOrg = (desired: DesiredState, now: Date): readonly Finding[] =>
  sortFindings(dedupe(orgViolations(desired, now).map(findingOf)));

const orgViolations = ({ components }: DesiredState, now: Date): readonly Violation[] => [
  ...checkKeysetKeys(components, now),
  ...checkConfigurationNames(components),
  ...checkApps(components),
  ...checkQueues(components),
];

const orgReferenceViolations = ({ org, components }: DesiredState): readonly Violation[] =>
  checkReferences(components, new Set(org.existing));

type ComponentCheck = (component: Component, now: Date) => readonly Violation[];

const COMPONENT_CHECKS: Partial<Record<ComponentType, readonly ComponentCheck[]>> = {
  MessagingChannel: [checkChannel, checkExpirations, checkAuthorizations, checkChannelQueue],
  PublicKeyCertificateSet: [checkKeyset, checkEndpoint],
  PublicKeyCertificate: [checkKey],
};

/** The rules of each component by itself. */
const checkComponents = (components: ComponentMap, now: Date): readonly Violation[] =>
  [...components.values()].flatMap((component) =>
    [checkSchema, ...(COMPONENT_CHECKS[component.type] ?? [])].flatMap((checkComponent) =>
      checkComponent(component, now),
    ),
  );
