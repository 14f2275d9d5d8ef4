import { keyFactsOf } from '../jwk';
import { componentsOf, issuerOf, type Component, type ComponentMap, type DesiredState, type OrgConfig } from '../model';
import { normalizedEndpoint } from './endpoint';
import { groupBy } from './group-by';
import { locationAt, type SourceLocation } from './location';
import { error, violation, note, defineRules, warning, type Violation, type Rule } from './rule';
import { SAMPLE_KEYS } from './sample-keys';
import { META_KEYSET, PROJECT_SAFETY } from './sources';

export const FLEET_RULES = defineRules({
  'shared-issuer': error('Production has an issuer of its own.', PROJECT_SAFETY),
  'shared-endpoint': error('Production has an endpoint of its own.', PROJECT_SAFETY),
  'shared-key': error('Production has keys of its own.', PROJECT_SAFETY),
  'sample-key': error('No sample key is in production.', PROJECT_SAFETY),
  'sample-key-in-use': note('Sample keys are for trying only.', PROJECT_SAFETY),
  'issuer-lookalike': warning('No two issuers differ by case or a trailing slash only.', META_KEYSET),
});

/** What one org trusts: an issuer, an endpoint or a key. */
interface TrustedValue {
  readonly org: OrgConfig;
  readonly value: string;
  readonly location: SourceLocation;
}

/** Rules that compare the orgs with one another: a token made for tests must never be good in production. */
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

/** What orgs trust, each kind by itself. */
function trustedValues(orgs: readonly DesiredState[], now: Date): Readonly<Record<TrustKind, readonly TrustedValue[]>> {
  const thumbprint = (key: Component): string | undefined => keyFactsOf(key, now)?.thumbprint;
  return {
    issuer: trustedValuesOf(orgs, 'PublicKeyCertificateSet', 'jwtIssuer', issuerOf),
    endpoint: trustedValuesOf(orgs, 'PublicKeyCertificateSet', 'jwksEndPoint', normalizedEndpoint),
    key: trustedValuesOf(orgs, 'PublicKeyCertificate', 'jsonWebKey', thumbprint),
  };
}

/** Something of an org that production's own source trusts as well. */
export interface ProductionTrust {
  readonly kind: TrustKind;
  /** `PublicKeyCertificate:Name` or `PublicKeyCertificateSet:Name`. */
  readonly component: string;
  readonly path: string;
  /** Alias of the production org. */
  readonly production: string;
}

/** What an org trusts that a production org trusts, too: by issuer, by endpoint, and by the thumbprint of a key. */
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
  return (['issuer', 'endpoint', 'key'] as const).flatMap((kind) =>
    orgTrust[kind].flatMap(({ value, location: { component, path } }) => {
      const match = productionOrgTrust[kind].find((trust) => trust.value === value);
      return match ? [{ kind, component, path, production: match.org.alias }] : [];
    }),
  );
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

/** One flaw for each value that production shares, where production states it. */
const checkShared = (trusts: readonly TrustedValue[], rule: Rule, kind: TrustKind): readonly Violation[] =>
  groupBy(trusts, ({ value }) => value).flatMap((group) => {
    const [production] = group.filter(isProduction);
    const others = [...new Set(group.filter((trust) => !isProduction(trust)).map(({ org }) => org.alias))];
    return production && others.length > 0 ? [sharedViolation(production, others, rule, kind)] : [];
  });

type TrustKind = keyof typeof SHARING_RISKS;

const SHARING_RISKS = {
  issuer: 'only its keys still keep tokens made for tests out of production.',
  endpoint: 'a token made for tests would let its holder in as any customer.',
  key: 'a token made for tests would let its holder in as any customer.',
} as const;

function sharedViolation(
  { org, location }: TrustedValue,
  others: readonly string[],
  rule: Rule,
  what: TrustKind,
): Violation {
  const message =
    `The production org ${org.alias} trusts the same ${what} as ${others.join(', ')}: ` + SHARING_RISKS[what];
  return violation(
    rule,
    location,
    message,
    `Give production its own ${what}: override it in config/orgs, or use a keyset of its own.`,
  );
}

/** Nobody holds the private half of a sample key: in production it is a hole in the trust, elsewhere it verifies nobody. */
const checkSampleKeys = (keys: readonly TrustedValue[]): readonly Violation[] =>
  keys
    .filter(({ value }) => SAMPLE_KEYS.has(value))
    .map((key) => {
      const [rule, message] = isProduction(key) ? sampleKeyInProduction(key) : SAMPLE_KEY_IN_USE;
      return violation(rule, key.location, message, 'Make a key pair of your own and publish that.');
    });

const sampleKeyInProduction = ({ org }: TrustedValue): readonly [Rule, string] => [
  FLEET_RULES['sample-key'],
  `${org.alias} is a production org and would trust a sample key of this project.`,
];

const SAMPLE_KEY_IN_USE: readonly [Rule, string] = [
  FLEET_RULES['sample-key-in-use'],
  'A sample key of this project: nobody can sign a token with it, so where it is the only key, every customer is locked out.',
];

/** Issuers are compared byte for byte, so two spellings of one issuer are most likely a slip in one of them. */
function checkLookalikes(all: readonly ComponentMap[]): readonly Violation[] {
  const keysets = all.flatMap((components) => componentsOf(components, 'PublicKeyCertificateSet'));
  const issuers = keysets.flatMap((keyset) => {
    const issuer = issuerOf(keyset);
    return issuer === undefined ? [] : [{ place: locationAt(keyset, 'jwtIssuer'), issuer }];
  });
  return groupBy(issuers, ({ issuer }) => issuer.trim().toLowerCase().replace(/\/$/, '')).flatMap(([first, ...rest]) =>
    rest
      .filter(({ issuer }) => issuer !== first.issuer)
      .map(({ place, issuer }) => lookalikeViolation(place, issuer, first.issuer)),
  );
}

function lookalikeViolation(place: SourceLocation, issuer: string, other: string): Violation {
  const message = `Issuer ${issuer} differs from ${other} by case or a final slash only; Salesforce compares exactly.`;
  return violation(
    FLEET_RULES['issuer-lookalike'],
    place,
    message,
    'Write the issuer exactly as the tokens of this org say in "iss".',
  );
}
