import { composeOrg, loadOrgFiles, readSource, type Source } from '../project';
import { EXIT, ToolError } from '../errors';
import { componentsOf, type Component, type ComponentMap, type DesiredState, type OrgConfig } from '../model';
import { keyFactsOf } from '../jwk';
import type { CliWorkerPool } from '../sf';

/** A project as the verbs about keysets need it: what the source has, and what each org gets of it. */
export interface KeyProject {
  readonly folder: string;
  readonly source: Source;
  readonly orgs: readonly DesiredState[];
}

/** Reads source and orgs. What is wrong with them elsewhere does not keep anybody from looking after a key. */
export function readKeyProject(folder: string): KeyProject {
  const source = readSource(folder);
  return { folder, source, orgs: composeOrgs(source.components, loadOrgFiles(folder).orgs) };
}

/** What each org gets of a source. */
export const composeOrgs = (source: ComponentMap, orgs: readonly OrgConfig[]): readonly DesiredState[] =>
  orgs.map((org) => composeOrg(source, org).desired);

/** The orgs that --org and --wave select; all without them. */
export function selectOrgs(
  orgs: readonly DesiredState[],
  { org: names, wave }: { readonly org: readonly string[]; readonly wave?: number },
): readonly DesiredState[] {
  const unknown = names.find((name) => !orgs.some(({ org }) => org.alias === name));
  if (unknown !== undefined)
    throw unknownComponentError(
      `There is no org "${unknown}" in config/orgs, or its file cannot be read.`,
      'See npm run check.',
    );
  return orgs.filter(
    ({ org }) => (names.length === 0 || names.includes(org.alias)) && (wave === undefined || org.wave === wave),
  );
}

/** The keyset of a source by name; throws where there is none. */
export function sourceKeyset(source: ComponentMap, name: string): Component {
  const keyset = source.get(`PublicKeyCertificateSet:${name}`);
  if (keyset) return keyset;
  const names = componentsOf(source, 'PublicKeyCertificateSet').map(({ fullName }) => fullName);
  throw unknownComponentError(
    `The source has no keyset ${name}.`,
    `Name one of: ${names.join(', ') || 'there is none'}.`,
  );
}

/** The key of a source by name; throws where there is none. */
export function sourceKey(source: ComponentMap, name: string): Component {
  const key = source.get(`PublicKeyCertificate:${name}`);
  if (key) return key;
  throw unknownComponentError(
    `The source has no key ${name}.`,
    `Make it: npm run keys -- new ${name}, or take one in with import.`,
  );
}

/** The keyset as an org gets it, overrides applied. */
export const orgKeyset = ({ components }: Pick<DesiredState, 'components'>, name: string): Component | undefined =>
  components.get(`PublicKeyCertificateSet:${name}`);

const unknownComponentError = (what: string, fix: string): ToolError =>
  new ToolError(
    'unknown-component',
    { what, why: 'Names are those of the files in the source, without the ending.', fix },
    { exit: EXIT.invalid },
  );

/** Refuses a name or a kid that another key of the source has. */
export function assertUnique(source: ComponentMap, name: string, kid: string | undefined): void {
  const sameName = componentsOf(source, 'PublicKeyCertificate').find(
    ({ fullName }) => fullName.toLowerCase() === name.toLowerCase(),
  );
  if (sameName)
    throw keyExistsError(
      `There is a key ${sameName.fullName} already.`,
      'Give the new key a name of its own, e.g. with the year.',
    );
  const sameKid = componentsOf(source, 'PublicKeyCertificate').find(
    (key) => kid !== undefined && keyFactsOf(key)?.kid === kid,
  );
  if (sameKid)
    throw keyExistsError(`The key ${sameKid.fullName} has this kid already.`, 'Leave --kid out, or choose another.');
}

const keyExistsError = (what: string, fix: string): ToolError =>
  new ToolError(
    'already-exists',
    { what, why: 'A token names its key by kid, and an org holds a key by name: both have to be unique.', fix },
    { exit: EXIT.invalid },
  );

/** Lends CLI hosts for as long as they are used: they are only started for a verb that talks to an org. */
export type UseWorkers = <T>(use: (hosts: CliWorkerPool) => Promise<T>) => Promise<T>;
