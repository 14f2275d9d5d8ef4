import type { KeyObject } from 'node:crypto';
import { compose } from '../compose';
import { readOrgs } from '../config';
import { EXIT, ToolError } from '../errors';
import { thumbprintOf } from '../issuer';
import { readJwk, type PublicKeyFacts } from '../jwk';
import { childrenOf, componentsOf, textAt, trustedKeysets, type Component, type ComponentMap } from '../model';
import { readSource } from '../source';
import type { TokenServerFlags } from './flags';
import { ALGORITHMS, type Algorithm, type SignerOptions } from './signer';

type Stated = Pick<TokenServerFlags, 'issuer' | 'kid' | 'alg'>;
type Agreed = Omit<SignerOptions, 'privateKey'>;

export interface SettingsOptions extends Stated {
  readonly org: readonly string[];
  readonly project: string;
}

/**
 * What tokens have to say so that Salesforce takes them: as the flags state, and for the rest as the keyset says that a
 * channel of the org trusts and that has the public half of this very key.
 */
export function agreedSettings(privateKey: KeyObject, options: SettingsOptions): Agreed {
  const { issuer, kid, alg, org, project } = options;
  if (org.length === 0 && issuer !== undefined && kid !== undefined) return { issuer, kid, algorithm: alg ?? 'RS256' };
  const [alias, ...more] = org;
  if (alias === undefined || more.length > 0) throw refusal(...WHICH);
  const fitting = settingsOf(privateKey, project, alias).filter((each) => isAsStated(each, options));
  const [first, ...others] = distinct(fitting);
  if (first && others.length === 0) return first;
  throw first ? several([first, ...others], alias) : none(alias);
}

const isAsStated = (each: Agreed, { issuer, kid, alg }: Stated): boolean =>
  (issuer ?? each.issuer) === each.issuer &&
  (kid ?? each.kid) === each.kid &&
  (alg ?? each.algorithm) === each.algorithm;

const distinct = (all: readonly Agreed[]): readonly Agreed[] => [
  ...new Map(all.map((each) => [JSON.stringify(each), each])).values(),
];

function settingsOf(privateKey: KeyObject, project: string, alias: string): readonly Agreed[] {
  const source = readSource(project).components;
  const config = readOrgs(project).orgs.find((each) => each.alias === alias);
  if (!config)
    throw refusal(
      `There is no org "${alias}" in config/orgs.`,
      'The file name is the alias.',
      'Name one that is there.',
    );
  const { desired } = compose(source, config);
  const own = thumbprintOf(privateKey);
  return trustedKeysets(desired.components).flatMap((keyset) =>
    keysOf(keyset, desired.components, source)
      .map((key) => factsOf(textAt(key.root, 'jsonWebKey') ?? ''))
      .flatMap((key) => (key && key.thumbprint === own ? settings(keyset, key.kid, key.alg) : [])),
  );
}

function settings(keyset: Component, kid: string | undefined, alg: string | undefined): readonly Agreed[] {
  const issuer = textAt(keyset.root, 'jwtIssuer');
  const algorithm: Algorithm = ALGORITHMS.find((each) => each === alg) ?? 'RS256';
  return issuer === undefined || kid === undefined ? [] : [{ issuer, kid, algorithm }];
}

const factsOf = (jwk: string): PublicKeyFacts | undefined => readJwk(jwk, new Date(), 'endpoint').key;

/** The keys that a keyset lists; for an endpoint, which lists none, those of the source. */
function keysOf(keyset: Component, components: ComponentMap, source: ComponentMap): readonly Component[] {
  if (textAt(keyset.root, 'type') === 'JWKS_URL') return componentsOf(source, 'PublicKeyCertificate');
  const names = childrenOf(keyset.root, 'publicKeyCertificateSetKeys').map((it) => textAt(it, 'publicKeyCertificate'));
  return componentsOf(components, 'PublicKeyCertificate').filter(({ fullName }) => names.includes(fullName));
}

const WHICH = [
  'It is not stated what the tokens should say.',
  'Issuer and kid have to be those of a keyset in Salesforce.',
  'Use --org <alias>, which looks them up, or both --issuer and --kid.',
] as const;

const none = (alias: string): ToolError =>
  refusal(
    `No channel of "${alias}" trusts this key.`,
    'No keyset of a verified channel there has its public half, with that issuer, kid and algorithm.',
    'Take it in with npm run keys -- import, name it in the keyset, and deploy; or state --issuer and --kid without --org.',
  );

const several = (all: readonly Agreed[], alias: string): ToolError =>
  refusal(
    `"${alias}" has several keysets with this key.`,
    all.map(({ issuer, kid, algorithm }) => `Issuer ${issuer}, kid ${kid}, ${algorithm}.`).join(' '),
    'Say which: --issuer.',
  );

const refusal = (what: string, why: string, fix: string): ToolError =>
  new ToolError('bad-flag', { what, why, fix }, { exit: EXIT.invalid });
