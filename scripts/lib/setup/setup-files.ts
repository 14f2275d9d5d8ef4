import { setJsonValue } from '../keys/rotation-edits';
import { componentFilePath } from '../keys/source-files';
import { writeXml } from '../metadata';
import {
  childrenOf,
  componentsOf,
  keyNamesOf,
  KEYS_ELEMENT,
  leaf,
  parent,
  textAt,
  type Component,
  type ComponentMap,
  type Element,
  type OrgFacts,
} from '../model';
import { keyFactsOf } from '../jwk';
import { SAMPLE_KEYS } from '../rules/sample-keys';

/** The org IDs of the sample org files, which are those of the local orgs. */
export const SAMPLE_ORG_IDS: ReadonlySet<string> = new Set([
  '00D4fP53twgxYnvEBE', // dev
  '00DmHvh0OBfHYM7UYO', // uat
  '00DJOHVmdiN2p1c2DB', // prod
]);

/** Files by path relative to the project; null deletes one. */
export type FileEdits = ReadonlyMap<string, string | null>;

/** How an org verifies tokens: with a key of the source, or with the JWKS endpoint of a provider. */
export type Trust =
  { readonly issuer: string; readonly key: string } | { readonly issuer: string; readonly endpoint: string };

export interface SetupInput {
  readonly alias: string;
  readonly facts: Pick<OrgFacts, 'orgId' | 'kind'>;
  readonly channels: readonly string[];
  readonly sites: readonly string[];
  readonly keyset: string;
  readonly trust: Trust;
  /** The text of the org file, if there is one. */
  readonly orgText?: string;
  readonly source: ComponentMap;
  /** Sample org files to delete. Empty keeps all samples. */
  readonly sampleFiles: readonly string[];
}

/** The files that a setup writes and deletes, without the file of a new key. */
export function setupEdits(project: string, input: SetupInput): FileEdits {
  const { alias, source, sampleFiles, keyset, trust } = input;
  const orgFile: FileEdits = new Map([[`config/orgs/${alias}.json`, orgFileText(input)]]);
  if (sampleFiles.length === 0 && source.has(`PublicKeyCertificateSet:${keyset}`)) return orgFile;
  const samples = sampleFiles.length === 0 ? [] : sampleKeys(source);
  const deleted = [...sampleFiles, ...samples.flatMap(({ root }) => root.origin?.file ?? [])];
  return new Map<string, string | null>([
    ...orgFile,
    ...keysetEdits(project, source, samples, keyset, trust),
    ...deleted.map((file) => [file, null] as const),
  ]);
}

const sampleKeys = (source: ComponentMap): readonly Component[] =>
  componentsOf(source, 'PublicKeyCertificate').filter((key) => SAMPLE_KEYS.has(keyFactsOf(key)?.thumbprint ?? ''));

/** The keyset with the answers, and every other keyset without the sample keys. */
function keysetEdits(
  project: string,
  source: ComponentMap,
  samples: readonly Component[],
  name: string,
  trust: Trust,
): FileEdits {
  const names = new Set(samples.map(({ fullName }) => fullName));
  const file = componentFilePath(project, source, 'PublicKeyCertificateSet', name);
  const label = textAt(source.get(`PublicKeyCertificateSet:${name}`)?.root ?? parent('', []), 'masterLabel');
  const others = componentsOf(source, 'PublicKeyCertificateSet').filter(
    (keyset) => keyset.fullName !== name && keyNamesOf(keyset).some((key) => names.has(key)),
  );
  return new Map([
    [file, writeXml(keysetElement(name, trust, label))],
    ...others.map(({ root }) => [root.origin?.file ?? '', writeXml(withoutKeys(root, names))] as const),
  ]);
}

const withoutKeys = (root: Element, names: ReadonlySet<string>): Element => ({
  ...root,
  children: root.children.filter(
    (item) => item.name !== KEYS_ELEMENT || !names.has(textAt(item, 'publicKeyCertificate') ?? ''),
  ),
});

/** A keyset (Metadata API guide, PublicKeyCertificateSet). */
export const keysetElement = (name: string, trust: Trust, label = name.replaceAll('_', ' ')): Element =>
  parent('PublicKeyCertificateSet', [
    ...('endpoint' in trust ? [leaf('jwksEndPoint', trust.endpoint)] : []),
    leaf('jwtIssuer', trust.issuer),
    leaf('masterLabel', label),
    ...('key' in trust ? [parent(KEYS_ELEMENT, [leaf('publicKeyCertificate', trust.key)])] : []),
    leaf('type', 'endpoint' in trust ? 'JWKS_URL' : 'JWKS'),
  ]);

/** The org file with the answers. Other values of an existing file stay, and their formatting too. */
function orgFileText({ facts, channels, sites, keyset, trust, orgText, source }: SetupInput): string {
  const override = overrideOf(trust, source.get(`PublicKeyCertificateSet:${keyset}`));
  const values: readonly (readonly [path: readonly string[], value: unknown])[] = [
    [['orgId'], facts.orgId],
    [['kind'], facts.kind],
    [['channels'], channels],
    ...(sites.length > 0 ? [[['sites'], sites] as const] : []),
    [['overrides', 'PublicKeyCertificateSet', keyset], override],
  ];
  const start = orgText ?? '{\n  "$schema": "../org.schema.json"\n}\n';
  const text = values.reduce((current, [path, value]) => setJsonValue(current, path, value), start);
  return text.endsWith('\n') ? text : `${text}\n`;
}

/** An element that the keyset of the source has and the trust doesn't is removed with null. */
function overrideOf(trust: Trust, keyset: Component | undefined): object {
  const has = (name: string): boolean => keyset !== undefined && childrenOf(keyset.root, name).length > 0;
  return 'endpoint' in trust
    ? {
        type: 'JWKS_URL',
        jwksEndPoint: trust.endpoint,
        jwtIssuer: trust.issuer,
        ...(has(KEYS_ELEMENT) && { [KEYS_ELEMENT]: null }),
      }
    : {
        ...(has('jwksEndPoint') && { type: 'JWKS', jwksEndPoint: null }),
        jwtIssuer: trust.issuer,
        [KEYS_ELEMENT]: [{ publicKeyCertificate: trust.key }],
      };
}
