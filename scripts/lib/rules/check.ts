import type { Component, ComponentMap, ComponentType, Desired, Finding, SignerSetting } from '../model';
import { checkApiVersion, type ApiVersion } from './api-version';
import { checkApps } from './app';
import { checkAuthorizations } from './authorization';
import { checkChannel } from './channel';
import { checkEndpoint } from './endpoint';
import { checkExpirations } from './expiration';
import { checkFleet } from './fleet';
import { inOrder, joined, ofOrgs } from './findings';
import { checkIdentities } from './identity';
import { checkKey } from './key';
import { checkKeyset } from './keyset';
import { checkKeysetKeys } from './keyset-keys';
import { checkQueueOf, checkQueues } from './queue';
import { checkReferences, checkSourceReferences } from './references';
import { findingOf, type Flaw } from './rule';
import { checkRuntime } from './runtime';
import { checkSchema } from './schema';
import { checkSigner } from './signer';

/** Everything that the rules look at. */
export interface RuleInput {
  /** Everything in the package directories, as it stands. */
  readonly source: ComponentMap;
  /** What each org gets, overrides applied. */
  readonly orgs: readonly Desired[];
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
  const existing = new Set(orgs.flatMap(({ org }) => org.existing));
  const inSource = [
    ...checkApiVersion(apiVersion),
    ...checkComponents(source, now),
    ...checkKeysetKeys(source, now),
    ...checkQueues(source),
    ...checkSourceReferences(source, existing),
  ];
  const inOrgs = orgs.map((desired) => ({
    org: desired.org,
    findings: [
      ...checkComponents(desired.components, now),
      ...orgFlaws(desired, now),
      ...missingIn(desired),
      ...checkSigner(desired, signers, now),
      ...checkRuntime(desired.org),
    ].map(findingOf),
  }));
  const found = joined([...inSource, ...checkFleet(source, orgs, now)].map(findingOf));
  return inOrder([...found, ...ofOrgs(inOrgs, found)]);
}

/**
 * The rules that look at an org as a whole, for one as it will be: with what only the org has among its components.
 * References and the components by themselves are not judged. What only the org has is found with an empty `file`.
 */
export const checkOrg = (desired: Desired, now: Date): readonly Finding[] =>
  inOrder(joined(orgFlaws(desired, now).map(findingOf)));

const orgFlaws = ({ components }: Desired, now: Date): readonly Flaw[] => [
  ...checkKeysetKeys(components, now),
  ...checkIdentities(components),
  ...checkApps(components),
  ...checkQueues(components),
];

const missingIn = ({ org, components }: Desired): readonly Flaw[] => checkReferences(components, new Set(org.existing));

type Check = (component: Component, now: Date) => readonly Flaw[];

const CHECKS: Partial<Record<ComponentType, readonly Check[]>> = {
  MessagingChannel: [checkChannel, checkExpirations, checkAuthorizations, checkQueueOf],
  PublicKeyCertificateSet: [checkKeyset, checkEndpoint],
  PublicKeyCertificate: [checkKey],
};

/** The rules of each component by itself. */
const checkComponents = (components: ComponentMap, now: Date): readonly Flaw[] =>
  [...components.values()].flatMap((component) =>
    [checkSchema, ...(CHECKS[component.type] ?? [])].flatMap((each) => each(component, now)),
  );
