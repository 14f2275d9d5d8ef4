import type { KeyObject } from 'node:crypto';
import { composeOrg, loadOrgFiles, readSource } from '../project';
import { ToolError, invalidFlagError } from '../errors';
import { thumbprintOf } from '../token';
import { readKeyComponent } from '../jwk';
import {
  componentsOf,
  isEndpointKeyset,
  issuerOf,
  keyNamesOf,
  trustedKeysets,
  type Component,
  type ComponentMap,
} from '../model';
import type { TokenServerFlags } from './flags';
import { ALGORITHMS, type Algorithm, type SignerOptions } from './signer';

type RequestedSettings = Pick<TokenServerFlags, 'issuer' | 'kid' | 'alg'>;
type SignerSettings = Omit<SignerOptions, 'privateKey'>;

export interface SignerSettingsOptions extends RequestedSettings {
  readonly org: readonly string[];
  readonly project: string;
}

/**
 * What tokens have to say so that Salesforce takes them: as the flags state, and for the rest as the keyset says that a
 * channel of the org trusts and that has the public half of this very key.
 */
export function resolveSignerSettings(privateKey: KeyObject, options: SignerSettingsOptions): SignerSettings {
  const { issuer, kid, alg, org, project } = options;
  if (org.length === 0 && issuer !== undefined && kid !== undefined) return { issuer, kid, algorithm: alg ?? 'RS256' };
  const [alias, ...otherAliases] = org;
  if (alias === undefined || otherAliases.length > 0) throw invalidFlagError(...MISSING_SETTINGS);
  const matching = settingsFromOrg(privateKey, project, alias).filter((each) => matchesRequest(each, options));
  const [first, ...others] = dedupe(matching);
  if (first && others.length === 0) return first;
  throw first ? ambiguousKeysetError([first, ...others], alias) : untrustedKeyError(alias);
}

const matchesRequest = (each: SignerSettings, { issuer, kid, alg }: RequestedSettings): boolean =>
  (issuer ?? each.issuer) === each.issuer &&
  (kid ?? each.kid) === each.kid &&
  (alg ?? each.algorithm) === each.algorithm;

const dedupe = (all: readonly SignerSettings[]): readonly SignerSettings[] => [
  ...new Map(all.map((each) => [JSON.stringify(each), each])).values(),
];

function settingsFromOrg(privateKey: KeyObject, project: string, alias: string): readonly SignerSettings[] {
  const source = readSource(project).components;
  const config = loadOrgFiles(project).orgs.find((each) => each.alias === alias);
  if (!config)
    throw invalidFlagError(
      `There is no org "${alias}" in config/orgs.`,
      'The file name is the alias.',
      'Name one that is there.',
    );
  const { desired } = composeOrg(source, config);
  const thumbprint = thumbprintOf(privateKey);
  return trustedKeysets(desired.components).flatMap((keyset) =>
    trustedKeys(keyset, desired.components, source)
      .map((key) => readKeyComponent(key, new Date(), 'endpoint').key)
      .flatMap((key) => (key && key.thumbprint === thumbprint ? settingsFromKeyset(keyset, key.kid, key.alg) : [])),
  );
}

function settingsFromKeyset(
  keyset: Component,
  kid: string | undefined,
  alg: string | undefined,
): readonly SignerSettings[] {
  const issuer = issuerOf(keyset);
  const algorithm: Algorithm = ALGORITHMS.find((each) => each === alg) ?? 'RS256';
  return issuer === undefined || kid === undefined ? [] : [{ issuer, kid, algorithm }];
}

/** The keys that a keyset lists; for an endpoint, which lists none, those of the source. */
function trustedKeys(keyset: Component, components: ComponentMap, source: ComponentMap): readonly Component[] {
  if (isEndpointKeyset(keyset)) return componentsOf(source, 'PublicKeyCertificate');
  const names = keyNamesOf(keyset);
  return componentsOf(components, 'PublicKeyCertificate').filter(({ fullName }) => names.includes(fullName));
}

const MISSING_SETTINGS = [
  'It is not stated what the tokens should say.',
  'Issuer and kid have to be those of a keyset in Salesforce.',
  'Use --org <alias>, which looks them up, or both --issuer and --kid.',
] as const;

const untrustedKeyError = (alias: string): ToolError =>
  invalidFlagError(
    `No channel of "${alias}" trusts this key.`,
    'No keyset of a verified channel there has its public half, with that issuer, kid and algorithm.',
    'Take it in with npm run keys -- import, name it in the keyset, and deploy; or state --issuer and --kid without --org.',
  );

const ambiguousKeysetError = (all: readonly SignerSettings[], alias: string): ToolError =>
  invalidFlagError(
    `"${alias}" has several keysets with this key.`,
    all.map(({ issuer, kid, algorithm }) => `Issuer ${issuer}, kid ${kid}, ${algorithm}.`).join(' '),
    'Say which: --issuer.',
  );
