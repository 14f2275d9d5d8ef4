import { asToolError } from '../errors';
import { writeManifest } from '../metadata';
import { parseKey, SOURCE_FOLDERS, type ComponentKey, type ComponentType, type OrgConfig } from '../model';
import { assertOrgId, pollDeploy, readChannels } from '../org';
import { writePackage } from '../metadata';
import type { Sf } from '../sf';
import { PREFIX } from './prefix';
import { outcomeOf } from './lab';

/** The types that calibrate creates and a retrieve lists, in the order in which they are deleted. */
const LISTED_TYPES = [
  'MessagingChannel',
  'PublicKeyCertificateSet',
  'PublicKeyCertificate',
  'Queue',
  'QueueRoutingConfig',
] as const satisfies readonly ComponentType[];

/** What calibrate needs to know about an org to clean it up. */
export interface CleanUpTarget {
  readonly sf: Sf;
  readonly org: Pick<OrgConfig, 'alias' | 'orgId' | 'kind' | 'file'>;
  readonly apiVersion: string;
}

/**
 * The components of an org whose names start with `Calibrate_`, with those that depend on others first: the order of their
 * deletion. Sites of Web chat deployments aren't listed.
 */
export async function findLeftovers({ sf, org, apiVersion }: CleanUpTarget): Promise<readonly ComponentKey[]> {
  const manifest = writeManifest(new Map(LISTED_TYPES.map((type) => [type, ['*']])), apiVersion);
  const files = await sf.retrieve(org.alias, manifest);
  const deployments = await sf.query(org.alias, 'SELECT DeveloperName FROM EmbeddedServiceConfig', true);
  return [
    ...deployments.map((row): ComponentKey => `EmbeddedServiceConfig:${String(row['DeveloperName'])}`),
    ...LISTED_TYPES.flatMap((type) => namesIn([...files.keys()], type).map((name): ComponentKey => `${type}:${name}`)),
  ].filter((key) => parseKey(key).fullName.startsWith(PREFIX));
}

function namesIn(paths: readonly string[], type: ComponentType): readonly string[] {
  const { folder, suffix } = SOURCE_FOLDERS[type];
  return paths
    .filter((path) => path.startsWith(`${folder}/`) && path.endsWith(`.${suffix}`))
    .map((path) => path.slice(folder.length + 1, -suffix.length - 1))
    .sort();
}

/** A component that the org didn't delete, and why. */
export interface Remainder {
  readonly component: ComponentKey;
  readonly why: string;
}

/**
 * Deletes all components whose names start with `Calibrate_`. Returns those that remain. Deletes them in one job; if the org rejects
 * it, type by type, so that one that can't be deleted keeps no other.
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

/** Deletes components in one job. Returns whether the org did, and adds the reasons if it didn't. */
async function remove(
  { sf, org, apiVersion }: CleanUpTarget,
  keys: readonly ComponentKey[],
  problems: Map<string, string>,
): Promise<boolean> {
  await assertOrgId(sf, org);
  try {
    const id = await sf.deploy(org.alias, writePackage(new Map(), apiVersion, keys));
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
