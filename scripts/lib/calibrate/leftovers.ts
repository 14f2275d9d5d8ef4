import { asToolError } from '../errors';
import { writeManifest } from '../metadata';
import { groupBy, parseKey, SOURCE_FOLDERS, type OrgConfig } from '../model';
import { assertOrgId, pollDeploy, readChannels } from '../org';
import type { Sf } from '../sf';
import { PREFIX } from './prefix';
import { outcomeOf } from './lab';

/**
 * The types that calibrate creates and a retrieve lists, with their folder and suffix, in the order in which they are deleted. A
 * Web chat deployment makes its site and branding set.
 */
const LISTED_TYPES: readonly (readonly [type: string, folder: string, suffix: string])[] = [
  ...(
    ['MessagingChannel', 'PublicKeyCertificateSet', 'PublicKeyCertificate', 'Queue', 'QueueRoutingConfig'] as const
  ).map((type) => [type, SOURCE_FOLDERS[type].folder, SOURCE_FOLDERS[type].suffix] as const),
  ['BrandingSet', 'brandingSets', 'brandingSet'],
  ['CustomSite', 'sites', 'site'],
];

/** The org to clean up. */
export interface CleanUpTarget {
  readonly sf: Sf;
  readonly org: Pick<OrgConfig, 'alias' | 'orgId' | 'kind' | 'file'>;
  readonly apiVersion: string;
}

/** Whether a name is that of a component of calibrate, or of the site or branding set of its Web chat deployment. */
const isCalibrateName = (name: string): boolean => new RegExp(`^(?:ESW_|EmbeddedService_)?${PREFIX}`).test(name);

/** The components of calibrate in an org, with those that depend on others first: the order of their deletion. */
export async function findLeftovers({ sf, org, apiVersion }: CleanUpTarget): Promise<readonly string[]> {
  const manifest = writeManifest(new Map(LISTED_TYPES.map(([type]) => [type, ['*']])), apiVersion);
  const paths = [...(await sf.retrieve(org.alias, manifest)).keys()];
  const deployments = await sf.query(org.alias, 'SELECT DeveloperName FROM EmbeddedServiceConfig', true);
  return [
    ...deployments.map((row) => `EmbeddedServiceConfig:${String(row['DeveloperName'])}`),
    ...LISTED_TYPES.flatMap(([type, folder, suffix]) =>
      paths
        .filter((path) => path.startsWith(`${folder}/`) && path.endsWith(`.${suffix}`))
        .map((path) => `${type}:${path.slice(folder.length + 1, -suffix.length - 1)}`)
        .sort(),
    ),
  ].filter((key) => isCalibrateName(parseKey(key).fullName));
}

/** A component that the org didn't delete, and why. */
export interface Remainder {
  readonly component: string;
  readonly why: string;
}

/**
 * Deletes all components whose names start with `Calibrate_`. Returns those that remain. Deletes them in one job; if the org rejects
 * it, type by type, so that one component that can't be deleted doesn't keep the others.
 */
export async function cleanUp(target: CleanUpTarget): Promise<readonly Remainder[]> {
  const found = await findLeftovers(target);
  if (found.length === 0) return [];
  await deactivateChannels(target);
  const problems = new Map<string, string>();
  if (!(await remove(target, found, problems)))
    for (const type of new Set(found.map((key) => parseKey(key).type)))
      await remove(
        target,
        found.filter((key) => parseKey(key).type === type),
        problems,
      );
  const remaining = await findLeftovers(target);
  return remaining.map((component) => ({
    component,
    why: problems.get(parseKey(component).fullName) ?? 'The org reported no reason.',
  }));
}

/** Whether the org may not delete an active channel isn't documented, so each one is deactivated first. */
async function deactivateChannels({ sf, org }: CleanUpTarget): Promise<void> {
  const channels = await readChannels(sf, org.alias);
  for (const [name, { id, active }] of channels)
    if (name.startsWith(PREFIX) && active) await sf.setActive(org.alias, id, false);
}

/** A package that deletes components and deploys nothing. */
function deletionPackage(keys: readonly string[], apiVersion: string): ReadonlyMap<string, string> {
  const members = [...groupBy(keys.map(parseKey), ({ type }) => type)].map(
    ([type, components]) => [type, components.map(({ fullName }) => fullName)] as const,
  );
  return new Map([
    ['package.xml', writeManifest(new Map(), apiVersion)],
    ['destructiveChanges.xml', writeManifest(new Map(members), apiVersion)],
  ]);
}

/** Deletes components in one job. Returns whether the org did, and adds the reasons if it didn't. */
async function remove(
  { sf, org, apiVersion }: CleanUpTarget,
  keys: readonly string[],
  problems: Map<string, string>,
): Promise<boolean> {
  await assertOrgId(sf, org);
  try {
    const id = await sf.deploy(org.alias, deletionPackage(keys, apiVersion));
    const { deployed, problems: reported } = outcomeOf(await pollDeploy(sf, org.alias, id));
    reported.forEach(({ component, text }) => problems.set(component, text));
    return deployed;
  } catch (thrown) {
    const error = asToolError(thrown);
    if (error.code !== 'deploy-failed') throw error;
    keys.forEach((key) => problems.set(parseKey(key).fullName, error.why));
    return false;
  }
}
