import { composeOrg } from '../project';
import {
  componentsOf,
  keyOf,
  referencesOf,
  type ComponentMap,
  type DesiredState,
  type OrgConfig,
  npmRun,
} from '../model';
import { productionTrust } from '../rules';
import { toDesiredState, toOrgConfig, resolveImport, type ImportResolution, type RuleContext } from './resolve';
import { findIgnoringCase, type OrgContents } from './org-contents';
import type { RejectedItems, ImportOptions } from './select';

interface FleetContext extends RuleContext {
  readonly orgs: readonly OrgConfig[];
}

type Rejection = readonly [string, { readonly rule: string; readonly message: string; readonly fix: string }];

/**
 * Fits several orgs into one source: names that differ by case only, trust that a sandbox still shares with production,
 * and deployments that not every org has would spoil a plan, so they are left to the orgs.
 */
export function resolveAll(
  allContents: readonly OrgContents[],
  options: ImportOptions,
  context: FleetContext,
): readonly ImportResolution[] {
  const initial = allContents.map((contents, index) => {
    const caseConflicts = findCaseConflicts(contents, [
      context.source,
      ...allContents.slice(0, index).map(({ components }) => components),
    ]);
    return resolveImport(contents, options, caseConflicts, context);
  });
  const withoutSharedTrust = initial.map((resolution) =>
    resolveAgain(resolution, sharedTrustRejections(resolution, initial, context), options, context),
  );
  return withoutSharedTrust.map((fitting) =>
    resolveAgain(fitting, unevenDeploymentRejections(fitting, withoutSharedTrust, context), options, context),
  );
}

const resolveAgain = (
  { selection: { contents }, rejected }: ImportResolution,
  rejections: readonly Rejection[],
  options: ImportOptions,
  context: RuleContext,
): ImportResolution => resolveImport(contents, options, new Map([...rejected, ...rejections]), context);

/** A project has one spelling of a name, for to Salesforce and to some file systems both are one. */
function findCaseConflicts({ components }: OrgContents, known: readonly ComponentMap[]): RejectedItems {
  return new Map(
    [...components.keys()].flatMap((key): Rejection[] => {
      const otherSpelling = known.map((each) => findIgnoringCase(each, key)).find((each) => each !== undefined);
      return otherSpelling === undefined || otherSpelling === key
        ? []
        : [[key, caseConflictReason(key, otherSpelling)]];
    }),
  );
}

const caseConflictReason = (key: string, otherSpelling: string): Rejection[1] => ({
  rule: 'name-case',
  message: `${key} is called ${otherSpelling} elsewhere, and a source can have one spelling of a name.`,
  fix: 'Rename it in one of the orgs, or in the source.',
});

/** Taking it over would state that a token made for tests is good in production, and check refuses that. */
function sharedTrustRejections(
  resolution: ImportResolution,
  all: readonly ImportResolution[],
  context: FleetContext,
): readonly Rejection[] {
  const desired = toDesiredState(resolution.selection, context.compromised);
  if (desired.org.kind === 'production') return [];
  const known = context.orgs.filter((org) => !all.some(({ selection }) => selection.contents.alias === org.alias));
  const orgs: readonly DesiredState[] = [
    ...known.map((org) => composeOrg(context.source, org, context.compromised).desired),
    ...all.map(({ selection }) => toDesiredState(selection, context.compromised)),
  ];
  return productionTrust(desired, orgs, context.now).map(({ component, kind, production }) => [
    component,
    {
      rule: 'production-trust',
      message: `It trusts the same ${kind} as the production org ${production}.`,
      fix: `Give the org its own ${kind}. For a sandbox that was refreshed from production: ${npmRun('post-refresh', '--org', desired.org.alias)}`,
    },
  ]);
}

/** Every org with the channel would get the deployment, so it goes into the source only if every such org has it. */
function unevenDeploymentRejections(
  { selection }: ImportResolution,
  all: readonly ImportResolution[],
  context: FleetContext,
): readonly Rejection[] {
  const added = componentsOf(selection.components, 'EmbeddedServiceConfig').filter(
    (deployment) => !context.source.has(keyOf(deployment)),
  );
  return added.flatMap((deployment): Rejection[] => {
    const served = referencesOf(deployment).map(({ name }) => name);
    const orgsWithout = [
      ...all
        .filter((each) => !each.selection.components.has(keyOf(deployment)))
        .map((each) => toOrgConfig(each.selection)),
      ...context.orgs.filter(({ alias }) => !all.some((each) => each.selection.contents.alias === alias)),
    ].filter(({ channels }) => channels.some((name) => served.includes(name)));
    return orgsWithout.length === 0
      ? []
      : [[keyOf(deployment), unevenDeploymentReason(orgsWithout.map(({ alias }) => alias))]];
  });
}

const unevenDeploymentReason = (aliases: readonly string[]): Rejection[1] => ({
  rule: 'deployment-not-everywhere',
  message: `The channel is in ${aliases.join(', ')} too, which doesn't have this chat deployment. A deploy would create it there.`,
  fix: 'If every org with the channel should have it, retrieve it into the source.',
});
