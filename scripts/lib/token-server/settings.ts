import { readCompromisedKeys } from '../rotation';
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
  npmRun,
} from '../model';
import { ALGORITHMS, type TokenServerFlags } from './flags';
import type { Algorithm, SignerOptions } from './signer';

type RequestedSettings = Pick<TokenServerFlags, 'issuer' | 'kid' | 'alg'>;
type SignerSettings = Omit<SignerOptions, 'privateKey'>;

export interface SignerSettingsOptions extends RequestedSettings {
  readonly org: readonly string[];
  readonly project: string;
}

/**
 * Returns the issuer, kid and algorithm of the tokens: from the flags, and for the rest from the trusted keyset of the org that
 * contains the public key of this private key. Throws `invalid-flag` if no keyset or several keysets match.
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
      'The alias is the name of the org file.',
      'Specify the alias of an existing org file.',
    );
  const { desired } = composeOrg(source, config, readCompromisedKeys(project));
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

/** The keys that a keyset lists. A keyset with an endpoint lists none, so all keys in source count. */
function trustedKeys(keyset: Component, components: ComponentMap, source: ComponentMap): readonly Component[] {
  if (isEndpointKeyset(keyset)) return componentsOf(source, 'PublicKeyCertificate');
  const names = keyNamesOf(keyset);
  return componentsOf(components, 'PublicKeyCertificate').filter(({ fullName }) => names.includes(fullName));
}

const MISSING_SETTINGS = [
  'The issuer and kid of the tokens are unknown.',
  'Both must equal those of a keyset in Salesforce.',
  'Specify --org <alias> to look them up, or both --issuer and --kid.',
] as const;

const untrustedKeyError = (alias: string): ToolError =>
  invalidFlagError(
    `No channel of "${alias}" trusts this key.`,
    'No keyset of a verified channel contains its public key with that issuer, kid and algorithm.',
    `Import the key (${npmRun('keys', 'import', 'NAME', '--from', 'FILE')}), list it in the keyset, and deploy. Or specify --issuer and --kid without --org.`,
  );

const ambiguousKeysetError = (all: readonly SignerSettings[], alias: string): ToolError =>
  invalidFlagError(
    `"${alias}" has several trusted keysets with this key.`,
    all.map(({ issuer, kid, algorithm }) => `Issuer ${issuer}, kid ${kid}, ${algorithm}.`).join(' '),
    'Select one with --issuer.',
  );
