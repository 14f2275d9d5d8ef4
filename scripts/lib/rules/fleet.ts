import { keyFactsOf } from '../jwk';
import {
  componentsOf,
  groupBy,
  issuerOf,
  type Component,
  type ComponentMap,
  type DesiredState,
  type OrgConfig,
  npmRun,
} from '../model';
import { normalizedEndpoint } from './endpoint';
import { locationAt, type SourceLocation } from './location';
import { error, violation, note, defineRules, warning, type Violation, type Rule } from './rule';
import { SAMPLE_KEYS } from './sample-keys';
import { META_KEYSET, PROJECT_SAFETY } from './sources';

export const FLEET_RULES = defineRules({
  'shared-issuer': error('A production org has its own issuer.', PROJECT_SAFETY),
  'shared-endpoint': error('A production org has its own JWKS endpoint.', PROJECT_SAFETY),
  'shared-key': error('A production org has its own keys.', PROJECT_SAFETY),
  'sample-key': error('A production org has no sample key.', PROJECT_SAFETY),
  'sample-key-in-use': note('Sample keys are only for trying out the project.', PROJECT_SAFETY),
  'issuer-lookalike': warning('No two issuers differ only in case or a trailing slash.', META_KEYSET),
});

/** An issuer, JWKS endpoint, or key that one org trusts. */
interface TrustedValue {
  readonly org: OrgConfig;
  readonly value: string;
  readonly location: SourceLocation;
}

/** Compares the orgs: a test token must never be valid in production. */
export function checkFleet(source: ComponentMap, orgs: readonly DesiredState[], now: Date): readonly Violation[] {
  const { issuer, endpoint, key } = trustedValues(orgs, now);
  return [
    ...checkShared(issuer, FLEET_RULES['shared-issuer'], 'issuer'),
    ...checkShared(endpoint, FLEET_RULES['shared-endpoint'], 'endpoint'),
    ...checkShared(key, FLEET_RULES['shared-key'], 'key'),
    ...checkSampleKeys(key),
    ...checkLookalikes([source, ...orgs.map(({ components }) => components)]),
  ];
}

/** The trusted values of some orgs, by kind. */
function trustedValues(orgs: readonly DesiredState[], now: Date): Readonly<Record<TrustKind, readonly TrustedValue[]>> {
  const thumbprint = (key: Component): string | undefined => keyFactsOf(key, now)?.thumbprint;
  return {
    issuer: trustedValuesOf(orgs, 'PublicKeyCertificateSet', 'jwtIssuer', issuerOf),
    endpoint: trustedValuesOf(orgs, 'PublicKeyCertificateSet', 'jwksEndPoint', normalizedEndpoint),
    key: trustedValuesOf(orgs, 'PublicKeyCertificate', 'jsonWebKey', thumbprint),
  };
}

/** A value that an org and a production org both trust. */
export interface ProductionTrust {
  readonly kind: TrustKind;
  /** `PublicKeyCertificate:Name` or `PublicKeyCertificateSet:Name`. */
  readonly component: string;
  readonly path: string;
  /** Alias of the production org. */
  readonly production: string;
}

/** The values that an org shares with a production org: issuers, JWKS endpoints, and keys (by thumbprint). */
export function productionTrust(
  org: DesiredState,
  orgs: readonly DesiredState[],
  now: Date,
): readonly ProductionTrust[] {
  const [orgTrust, productionOrgTrust] = [
    trustedValues([org], now),
    trustedValues(
      orgs.filter((each) => each.org.kind === 'production'),
      now,
    ),
  ];
  return (['issuer', 'endpoint', 'key'] as const).flatMap((kind) => {
    const productionTrusts = groupBy(productionOrgTrust[kind], ({ value }) => value);
    return orgTrust[kind].flatMap(({ value, location: { component, path } }) => {
      const [match] = productionTrusts.get(value) ?? [];
      return match ? [{ kind, component, path, production: match.org.alias }] : [];
    });
  });
}

const trustedValuesOf = (
  orgs: readonly DesiredState[],
  type: 'PublicKeyCertificate' | 'PublicKeyCertificateSet',
  path: string,
  valueOf: (component: Component) => string | undefined,
): readonly TrustedValue[] =>
  orgs.flatMap(({ org, components }) =>
    componentsOf(components, type).flatMap((component) => {
      const value = valueOf(component);
      return value === undefined ? [] : [{ org, value, location: locationAt(component, path) }];
    }),
  );

const isProduction = ({ org }: TrustedValue): boolean => org.kind === 'production';

/** One violation for each shared value, at the place in the production org's source. */
const checkShared = (trusts: readonly TrustedValue[], rule: Rule, kind: TrustKind): readonly Violation[] =>
  [...groupBy(trusts, ({ value }) => value).values()].flatMap((group) => {
    const [production] = group.filter(isProduction);
    const others = [...new Set(group.filter((trust) => !isProduction(trust)).map(({ org }) => org.alias))];
    return production && others.length > 0 ? [sharedViolation(production, others, rule, kind)] : [];
  });

type TrustKind = keyof typeof SHARING_RISKS;

const SHARING_RISKS = {
  issuer: 'Only the keys still keep test tokens out of production.',
  endpoint: 'A test token gives access as any customer in production.',
  key: 'A test token gives access as any customer in production.',
} as const;

const KIND_LABELS = { issuer: 'issuer', endpoint: 'JWKS endpoint', key: 'key' } as const;

function sharedViolation(
  { org, location }: TrustedValue,
  others: readonly string[],
  rule: Rule,
  what: TrustKind,
): Violation {
  const message =
    `Production org ${org.alias} trusts the same ${KIND_LABELS[what]} as ${others.join(', ')}. ` + SHARING_RISKS[what];
  return violation(
    rule,
    location,
    message,
    `Use another ${KIND_LABELS[what]} for production: override it in ${org.file}, or use a separate keyset.`,
  );
}

/** The private keys of the sample keys were never published, so they verify nobody. */
const checkSampleKeys = (keys: readonly TrustedValue[]): readonly Violation[] =>
  keys
    .filter(({ value }) => SAMPLE_KEYS.has(value))
    .map((key) => {
      const [rule, message] = isProduction(key) ? sampleKeyInProduction(key) : SAMPLE_KEY_IN_USE;
      return violation(
        rule,
        key.location,
        message,
        `Create your own key: ${npmRun('keys', 'new', 'NAME', '--private-key', 'FILE')}`,
      );
    });

const sampleKeyInProduction = ({ org }: TrustedValue): readonly [Rule, string] => [
  FLEET_RULES['sample-key'],
  `Production org ${org.alias} trusts a sample key of this project.`,
];

const SAMPLE_KEY_IN_USE: readonly [Rule, string] = [
  FLEET_RULES['sample-key-in-use'],
  'This is a sample key of this project. Nobody has its private key, so if it is the only key, no customer can start a chat.',
];

/** Salesforce compares issuers byte for byte, so two spellings of one issuer are most likely a typing error. */
function checkLookalikes(all: readonly ComponentMap[]): readonly Violation[] {
  const keysets = all.flatMap((components) => componentsOf(components, 'PublicKeyCertificateSet'));
  const issuers = keysets.flatMap((keyset) => {
    const issuer = issuerOf(keyset);
    return issuer === undefined ? [] : [{ location: locationAt(keyset, 'jwtIssuer'), issuer }];
  });
  const groups = groupBy(issuers, ({ issuer }) => issuer.trim().toLowerCase().replace(/\/$/, ''));
  return [...groups.values()].flatMap(([first, ...rest]) =>
    rest
      .filter(({ issuer }) => issuer !== first.issuer)
      .map(({ location, issuer }) => lookalikeViolation(location, issuer, first.issuer)),
  );
}

function lookalikeViolation(location: SourceLocation, issuer: string, other: string): Violation {
  const message = `Issuer ${issuer} differs from ${other} only in case or a trailing slash. Salesforce compares issuers byte for byte.`;
  return violation(
    FLEET_RULES['issuer-lookalike'],
    location,
    message,
    'Set jwtIssuer to the exact value of "iss" in the tokens for this org.',
  );
}
