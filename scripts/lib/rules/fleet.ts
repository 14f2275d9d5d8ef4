import { keyFactsOf } from '../jwk';
import {
  componentsOf,
  groupBy,
  issuerOf,
  joinFirstNames,
  keyNamesOf,
  type Component,
  type ComponentMap,
  type DesiredState,
  type OrgConfig,
  npmRun,
} from '../model';
import { normalizedEndpoint } from './endpoint';
import { locationAt, type SourceLocation } from './location';
import { error, violation, note, defineRules, policy, warning, type Violation, type Rule } from './rule';
import { SAMPLE_KEYS } from './sample-keys';
import { META_KEYSET, PROJECT_SAFETY } from './sources';

export const FLEET_RULES = defineRules({
  'shared-issuer': warning('A production org has its own issuer.', PROJECT_SAFETY),
  'shared-endpoint': policy('A production org has its own JWKS endpoint.', PROJECT_SAFETY),
  'shared-endpoint-other-issuer': warning('A production org has its own JWKS endpoint.', PROJECT_SAFETY),
  'shared-key': policy('A production org has its own keys.', PROJECT_SAFETY),
  'sample-key': error('A production org has no sample key.', PROJECT_SAFETY),
  'sample-key-in-use': note('Sample keys are only for trying out the project.', PROJECT_SAFETY),
  'issuer-lookalike': warning('No two issuers differ only in case or a trailing slash.', META_KEYSET),
});

/** The facts that decide which tokens a keyset of one org accepts: the issuer, and the keys. */
interface TrustedKeyset {
  readonly org: OrgConfig;
  readonly keyset: Component;
  readonly issuer: string | undefined;
  readonly endpoint: string | undefined;
  /** The thumbprints of its uploaded keys. */
  readonly keys: ReadonlySet<string>;
}

/** A key that one org trusts, by its thumbprint. */
interface TrustedKey {
  readonly org: OrgConfig;
  readonly value: string;
  readonly location: SourceLocation;
}

/** Compares the orgs: a test token must never be valid in production. */
export function checkFleet(source: ComponentMap, orgs: readonly DesiredState[], now: Date): readonly Violation[] {
  const keysets = orgs.flatMap((org) => trustedKeysets(org, now));
  const keys = orgs.flatMap((org) => trustedKeys(org, now));
  return [
    ...keysets.filter(isProduction).flatMap((keyset) => sharedKeysetViolations(keyset, keysets)),
    ...sharedKeyViolations(keys),
    ...checkSampleKeys(keys),
    ...checkLookalikes([source, ...orgs.map(({ components }) => components)]),
  ];
}

const isProduction = ({ org }: { readonly org: OrgConfig }): boolean => org.kind === 'production';

const thumbprintOf = (key: Component | undefined, now: Date): string | undefined => keyFactsOf(key, now)?.thumbprint;

const trustedKeysets = ({ org, components }: DesiredState, now: Date): readonly TrustedKeyset[] =>
  componentsOf(components, 'PublicKeyCertificateSet').map((keyset) => {
    const keys = keyNamesOf(keyset).flatMap(
      (name) => thumbprintOf(components.get(`PublicKeyCertificate:${name}`), now) ?? [],
    );
    return { org, keyset, issuer: issuerOf(keyset), endpoint: normalizedEndpoint(keyset), keys: new Set(keys) };
  });

const trustedKeys = ({ org, components }: DesiredState, now: Date): readonly TrustedKey[] =>
  componentsOf(components, 'PublicKeyCertificate').flatMap((key) => {
    const value = thumbprintOf(key, now);
    return value === undefined ? [] : [{ org, value, location: locationAt(key, 'jsonWebKey') }];
  });

const hasSameEndpoint = (one: TrustedKeyset, other: TrustedKeyset): boolean =>
  one.endpoint !== undefined && one.endpoint === other.endpoint;

/** Whether the key that verifies a token of one keyset can verify it for the other one, too. */
const hasCommonKey = (one: TrustedKeyset, other: TrustedKeyset): boolean =>
  hasSameEndpoint(one, other) || [...one.keys].some((key) => other.keys.has(key));

/** An issuer that isn't declared keeps its live value, which can be the same. */
const mayHaveSameIssuer = (one: TrustedKeyset, other: TrustedKeyset): boolean =>
  one.issuer === undefined || other.issuer === undefined || one.issuer === other.issuer;

const hasSameIssuer = (one: TrustedKeyset, other: TrustedKeyset): boolean =>
  one.issuer !== undefined && one.issuer === other.issuer;

/** A value that an org and a production org both trust, so that tokens of one are valid in the other. */
export interface ProductionTrust {
  readonly kind: 'issuer' | 'endpoint' | 'key';
  /** `PublicKeyCertificate:Name` or `PublicKeyCertificateSet:Name`. */
  readonly component: string;
  readonly path: string;
  /** Alias of the production org. */
  readonly production: string;
}

/**
 * The trust that an org shares with a production org: keysets that accept the tokens of the other one, because both the issuer
 * and a key or the JWKS endpoint are the same, and keys (by thumbprint).
 */
export function productionTrust(
  org: DesiredState,
  orgs: readonly DesiredState[],
  now: Date,
): readonly ProductionTrust[] {
  const production = orgs.filter(isProduction);
  const productionKeysets = production.flatMap((each) => trustedKeysets(each, now));
  const productionKeys = new Map(
    production.flatMap((each) => trustedKeys(each, now)).map(({ value, org: { alias } }) => [value, alias]),
  );
  const keysetTrust = trustedKeysets(org, now).flatMap((keyset): readonly ProductionTrust[] => {
    const component = `PublicKeyCertificateSet:${keyset.keyset.fullName}`;
    const issuer = productionKeysets.find((other) => hasSameIssuer(keyset, other) && hasCommonKey(keyset, other));
    const endpoint = productionKeysets.find(
      (other) => hasSameEndpoint(keyset, other) && mayHaveSameIssuer(keyset, other),
    );
    return [
      ...(issuer ? [{ kind: 'issuer', component, path: 'jwtIssuer', production: issuer.org.alias } as const] : []),
      ...(endpoint
        ? [{ kind: 'endpoint', component, path: 'jwksEndPoint', production: endpoint.org.alias } as const]
        : []),
    ];
  });
  const keyTrust = trustedKeys(org, now).flatMap(({ value, location: { component, path } }) => {
    const alias = productionKeys.get(value);
    return alias === undefined ? [] : [{ kind: 'key', component, path, production: alias } as const];
  });
  return [...keysetTrust, ...keyTrust];
}

/**
 * Reports the values that a keyset of a production org shares with the keysets of other orgs. A provider can have one JWKS endpoint for all issuers
 * (Firebase), and a vendor one issuer for all customers: then the issuer or the keys still keep test tokens out of production.
 */
function sharedKeysetViolations(production: TrustedKeyset, all: readonly TrustedKeyset[]): readonly Violation[] {
  const others = all.filter((keyset) => !isProduction(keyset));
  const sameEndpoint = others.filter((other) => hasSameEndpoint(production, other));
  const both = sameEndpoint.filter((other) => mayHaveSameIssuer(production, other));
  return [
    ...sharedViolation(production, both, 'shared-endpoint'),
    ...sharedViolation(
      production,
      sameEndpoint.filter((other) => !both.includes(other)),
      'shared-endpoint-other-issuer',
    ),
    ...sharedViolation(
      production,
      others.filter((other) => hasSameIssuer(production, other) && !hasCommonKey(production, other)),
      'shared-issuer',
    ),
  ];
}

const SHARED_KEYSET_TEXTS = {
  'shared-issuer': {
    path: 'jwtIssuer',
    shared: 'issuer',
    risk: 'Production rejects test tokens only because the keys differ.',
    fix: 'Use another issuer for production, unless the vendor has one issuer for all customers.',
  },
  'shared-endpoint': {
    path: 'jwksEndPoint',
    shared: 'JWKS endpoint and issuer',
    risk: 'A test token gives access as any customer in production.',
    fix: 'Use another JWKS endpoint and another issuer for production.',
  },
  'shared-endpoint-other-issuer': {
    path: 'jwksEndPoint',
    shared: 'JWKS endpoint',
    risk: 'Production rejects test tokens only because the issuers differ.',
    fix: 'Use another JWKS endpoint for production, unless the provider has one endpoint for all issuers.',
  },
} as const;

function sharedViolation(
  { org, keyset }: TrustedKeyset,
  others: readonly TrustedKeyset[],
  id: keyof typeof SHARED_KEYSET_TEXTS,
): readonly Violation[] {
  if (others.length === 0) return [];
  const { path, shared, risk, fix } = SHARED_KEYSET_TEXTS[id];
  const message = `Production org ${org.alias} trusts the same ${shared} as ${aliasesOf(others)}. ${risk}`;
  return [violation(FLEET_RULES[id], locationAt(keyset, path), message, `${fix} ${overrideFix([org], id)}`)];
}

const aliasesOf = (all: readonly { readonly org: OrgConfig }[]): string =>
  joinFirstNames([...new Set(all.map(({ org }) => org.alias))]);

const overrideFix = (orgs: readonly OrgConfig[], id: string): string =>
  `To override it, edit ${joinFirstNames(orgs.map(({ file }) => file))}. To accept it there: "accept": [{ "rule": "${id}", "reason": "..." }].`;

/** One violation for each key that production orgs share with other orgs. */
const sharedKeyViolations = (keys: readonly TrustedKey[]): readonly Violation[] =>
  [...groupBy(keys, ({ value }) => value).values()].flatMap((group) => {
    const production = group.filter(isProduction);
    const others = group.filter((trust) => !isProduction(trust));
    const [first] = production;
    if (!first || others.length === 0) return [];
    const orgs = [...new Set(production.map(({ org }) => org))];
    const subject =
      orgs.length === 1
        ? `Production org ${aliasesOf(production)} trusts`
        : `Production orgs ${aliasesOf(production)} trust`;
    const message = `${subject} the same key as ${aliasesOf(others)}. A test token gives access as any customer in production.`;
    const fix = `Use another key for production. ${overrideFix(orgs, 'shared-key')}`;
    return [violation(FLEET_RULES['shared-key'], first.location, message, fix)];
  });

/** The private keys of the sample keys were never published, so they verify nobody. */
const checkSampleKeys = (keys: readonly TrustedKey[]): readonly Violation[] =>
  keys
    .filter(({ value }) => SAMPLE_KEYS.has(value))
    .map((key) => {
      const [rule, message] = isProduction(key) ? sampleKeyInProduction(key) : SAMPLE_KEY_IN_USE;
      return violation(rule, key.location, message, sampleKeyFix());
    });

/** A new key alone changes nothing: the sample is trusted until nothing lists it. */
const sampleKeyFix = (): string =>
  `Create your own key (${npmRun('keys', 'new', 'NAME', '--private-key', 'FILE')}), list it instead of the sample, and delete the file of the sample.`;

const sampleKeyInProduction = ({ org }: TrustedKey): readonly [Rule, string] => [
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
