import { compose } from '../compose';
import { readOrgs } from '../config';
import { EXIT, ToolError } from '../errors';
import {
  childrenOf,
  componentsOf,
  textAt,
  type Component,
  type ComponentMap,
  type Desired,
  type OrgConfig,
} from '../model';
import { readSource, type Source } from '../source';

/** A project as the verbs about keysets need it: what the source has, and what each org gets of it. */
export interface KeyProject {
  readonly folder: string;
  readonly source: Source;
  readonly orgs: readonly Desired[];
}

/** Reads source and orgs. What is wrong with them elsewhere does not keep anybody from looking after a key. */
export function readKeyProject(folder: string): KeyProject {
  const source = readSource(folder);
  return { folder, source, orgs: composed(source.components, readOrgs(folder).orgs) };
}

/** What each org gets of a source. */
export const composed = (source: ComponentMap, orgs: readonly OrgConfig[]): readonly Desired[] =>
  orgs.map((org) => compose(source, org).desired);

/** The orgs that --org and --wave select; all without them. */
export function selectedOrgs(
  orgs: readonly Desired[],
  { org: names, wave }: { readonly org: readonly string[]; readonly wave?: number },
): readonly Desired[] {
  const unknown = names.find((name) => !orgs.some(({ org }) => org.alias === name));
  if (unknown !== undefined)
    throw unknownThing(
      `There is no org "${unknown}" in config/orgs, or its file cannot be read.`,
      'See npm run check.',
    );
  return orgs.filter(
    ({ org }) => (names.length === 0 || names.includes(org.alias)) && (wave === undefined || org.wave === wave),
  );
}

/** The keyset of a source by name; throws where there is none. */
export function keysetOf(source: ComponentMap, name: string): Component {
  const keyset = source.get(`PublicKeyCertificateSet:${name}`);
  if (keyset) return keyset;
  const names = componentsOf(source, 'PublicKeyCertificateSet').map(({ fullName }) => fullName);
  throw unknownThing(`The source has no keyset ${name}.`, `Name one of: ${names.join(', ') || 'there is none'}.`);
}

/** The key of a source by name; throws where there is none. */
export function keyOfSource(source: ComponentMap, name: string): Component {
  const key = source.get(`PublicKeyCertificate:${name}`);
  if (key) return key;
  throw unknownThing(
    `The source has no key ${name}.`,
    `Make it: npm run keys -- new ${name}, or take one in with import.`,
  );
}

/** Names of the keys that a keyset lists. */
export const keysOf = (keyset: Component | undefined): readonly string[] =>
  (keyset ? childrenOf(keyset.root, 'publicKeyCertificateSetKeys') : []).flatMap(
    (item) => textAt(item, 'publicKeyCertificate') ?? [],
  );

export const isEndpoint = (keyset: Component): boolean => textAt(keyset.root, 'type') === 'JWKS_URL';

/** The keyset as an org gets it, overrides applied. */
export const keysetIn = ({ components }: Pick<Desired, 'components'>, name: string): Component | undefined =>
  components.get(`PublicKeyCertificateSet:${name}`);

const unknownThing = (what: string, fix: string): ToolError =>
  new ToolError(
    'unknown-component',
    { what, why: 'Names are those of the files in the source, without the ending.', fix },
    { exit: EXIT.invalid },
  );
