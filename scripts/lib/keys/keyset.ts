import { composeOrg, loadOrgFiles, readSource, withCurrentTrust, type Source } from '../project';
import { EXIT, ToolError } from '../errors';
import {
  componentsOf,
  type Component,
  type ComponentMap,
  type CompromisedKey,
  type DesiredState,
  type OrgConfig,
  npmRun,
} from '../model';
import { readCompromisedKeys } from '../rotation';
import { keyFactsOf } from '../jwk';
import type { CliWorkerPool } from '../sf';

/** The source of a project and the desired state of each org. */
export interface KeyProject {
  readonly folder: string;
  readonly source: Source;
  readonly orgs: readonly DesiredState[];
  /** The keys that no org and no endpoint may trust. */
  readonly compromised: readonly CompromisedKey[];
}

/** Reads source and org files. Errors in other components don't stop a command about keys. */
export function readKeyProject(folder: string): KeyProject {
  const compromised = readCompromisedKeys(folder);
  const orgs = loadOrgFiles(folder).orgs.map((org) => withCurrentTrust(org, new Date()));
  const source = readSource(folder, orgs);
  return { folder, source, compromised, orgs: composeOrgs(source.components, orgs, compromised) };
}

/** Returns the desired state of each org. */
export const composeOrgs = (
  source: ComponentMap,
  orgs: readonly OrgConfig[],
  compromised: readonly CompromisedKey[],
): readonly DesiredState[] => orgs.map((org) => composeOrg(source, org, compromised).desired);

/** Returns the orgs that --org and --wave select; all orgs by default. Throws for an unknown alias. */
export function selectOrgs(
  orgs: readonly DesiredState[],
  { org: names, wave }: { readonly org: readonly string[]; readonly wave?: number },
): readonly DesiredState[] {
  const unknown = names.find((name) => !orgs.some(({ org }) => org.alias === name));
  if (unknown !== undefined)
    throw unknownComponentError(
      `config/orgs has no readable org file "${unknown}".`,
      `To see the problems of org files: ${npmRun('check')}`,
    );
  return orgs.filter(
    ({ org }) => (names.length === 0 || names.includes(org.alias)) && (wave === undefined || org.wave === wave),
  );
}

/** Returns a keyset in source; throws if it doesn't exist. */
export function sourceKeyset(source: ComponentMap, name: string): Component {
  const keyset = source.get(`PublicKeyCertificateSet:${name}`);
  if (keyset) return keyset;
  const names = componentsOf(source, 'PublicKeyCertificateSet').map(({ fullName }) => fullName);
  throw unknownComponentError(
    `Source has no keyset ${name}.`,
    names.length > 0 ? `Specify one of: ${names.join(', ')}.` : 'Create a keyset in source first.',
  );
}

/** Returns a key in source; throws if it doesn't exist. */
export function sourceKey(source: ComponentMap, name: string): Component {
  const key = source.get(`PublicKeyCertificate:${name}`);
  if (key) return key;
  throw unknownComponentError(
    `Source has no key ${name}.`,
    `Create it: ${npmRun('keys', 'new', name, '--private-key', 'FILE')}. Or import it: ${npmRun('keys', 'import', name, '--from', 'FILE')}`,
  );
}

/** Returns the keyset in the desired state of an org, including overrides. */
export const orgKeyset = ({ components }: Pick<DesiredState, 'components'>, name: string): Component | undefined =>
  components.get(`PublicKeyCertificateSet:${name}`);

const unknownComponentError = (what: string, fix: string): ToolError =>
  new ToolError(
    'unknown-component',
    { what, why: 'A name is the name of its file without the suffix.', fix },
    { exit: EXIT.invalid },
  );

/** Throws if another key in source has the name or the kid. */
export function assertUnique(source: ComponentMap, name: string, kid: string | undefined): void {
  const sameName = componentsOf(source, 'PublicKeyCertificate').find(
    ({ fullName }) => fullName.toLowerCase() === name.toLowerCase(),
  );
  if (sameName)
    throw keyExistsError(
      `Source already has a key ${sameName.fullName}.`,
      'Give the new key a unique name, for example with the year.',
    );
  const sameKid = componentsOf(source, 'PublicKeyCertificate').find(
    (key) => kid !== undefined && keyFactsOf(key)?.kid === kid,
  );
  if (sameKid)
    throw keyExistsError(`The key ${sameKid.fullName} already has this kid.`, 'Omit --kid, or specify another.');
}

const keyExistsError = (what: string, fix: string): ToolError =>
  new ToolError(
    'already-exists',
    { what, why: 'Tokens refer to a key by its kid, and orgs by its name. Both must be unique.', fix },
    { exit: EXIT.invalid },
  );

/** Provides CLI workers to a command and ends them afterwards, so that only commands that contact an org start them. */
export type UseWorkers = <T>(use: (workers: CliWorkerPool) => Promise<T>) => Promise<T>;
