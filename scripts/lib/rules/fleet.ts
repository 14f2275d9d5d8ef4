import { componentsOf, type Component, type ComponentMap, type Desired, type OrgConfig } from '../model';
import { endpointOf } from './endpoint';
import { grouped } from './grouped';
import { keyFactsOf } from './key';
import { placeAt, textOf, type Place } from './place';
import { error, flaw, note, rules, warning, type Flaw, type Rule } from './rule';
import { SAMPLE_KEYS } from './samples';
import { META_KEYSET, OWN } from './sources';

export const FLEET_RULES = rules({
  'shared-issuer': error('Production has an issuer of its own.', OWN),
  'shared-endpoint': error('Production has an endpoint of its own.', OWN),
  'shared-key': error('Production has keys of its own.', OWN),
  'sample-key': error('No sample key is in production.', OWN),
  'sample-key-in-use': note('Sample keys are for trying only.', OWN),
  'issuer-lookalike': warning('No two issuers differ by case or a trailing slash only.', META_KEYSET),
});

/** What one org trusts: an issuer, an endpoint or a key. */
interface Trust {
  readonly org: OrgConfig;
  readonly value: string;
  readonly place: Place;
}

/** Rules that compare the orgs with one another: a token made for tests must never be good in production. */
export function checkFleet(source: ComponentMap, orgs: readonly Desired[], now: Date): readonly Flaw[] {
  const { issuer, endpoint, key } = trusts(orgs, now);
  return [
    ...shared(issuer, FLEET_RULES['shared-issuer'], 'issuer'),
    ...shared(endpoint, FLEET_RULES['shared-endpoint'], 'endpoint'),
    ...shared(key, FLEET_RULES['shared-key'], 'key'),
    ...sampleKeys(key),
    ...lookalikes([source, ...orgs.map(({ components }) => components)]),
  ];
}

/** What orgs trust, each kind by itself. */
function trusts(orgs: readonly Desired[], now: Date): Readonly<Record<Shared, readonly Trust[]>> {
  const thumbprint = (key: Component): string | undefined => keyFactsOf(key, now)?.thumbprint;
  return {
    issuer: trustsOf(orgs, 'PublicKeyCertificateSet', 'jwtIssuer', issuerOf),
    endpoint: trustsOf(orgs, 'PublicKeyCertificateSet', 'jwksEndPoint', endpointOf),
    key: trustsOf(orgs, 'PublicKeyCertificate', 'jsonWebKey', thumbprint),
  };
}

/** Something of an org that production's own source trusts as well. */
export interface ProductionTrust {
  readonly what: Shared;
  /** `PublicKeyCertificate:Name` or `PublicKeyCertificateSet:Name`. */
  readonly component: string;
  readonly path: string;
  /** Alias of the production org. */
  readonly production: string;
}

/** What an org trusts that a production org trusts, too: by issuer, by endpoint, and by the thumbprint of a key. */
export function productionTrust(org: Desired, orgs: readonly Desired[], now: Date): readonly ProductionTrust[] {
  const [mine, theirs] = [
    trusts([org], now),
    trusts(
      orgs.filter((each) => each.org.kind === 'production'),
      now,
    ),
  ];
  return (['issuer', 'endpoint', 'key'] as const).flatMap((what) =>
    mine[what].flatMap(({ value, place: { component, path } }) => {
      const same = theirs[what].find((trust) => trust.value === value);
      return same ? [{ what, component, path, production: same.org.alias }] : [];
    }),
  );
}

const issuerOf = (keyset: Component): string | undefined => textOf(placeAt(keyset, 'jwtIssuer'));

const trustsOf = (
  orgs: readonly Desired[],
  type: 'PublicKeyCertificate' | 'PublicKeyCertificateSet',
  path: string,
  valueOf: (component: Component) => string | undefined,
): readonly Trust[] =>
  orgs.flatMap(({ org, components }) =>
    componentsOf(components, type).flatMap((component) => {
      const value = valueOf(component);
      return value === undefined ? [] : [{ org, value, place: placeAt(component, path) }];
    }),
  );

const isProduction = ({ org }: Trust): boolean => org.kind === 'production';

/** One flaw for each value that production shares, where production states it. */
const shared = (trusts: readonly Trust[], rule: Rule, what: Shared): readonly Flaw[] =>
  grouped(trusts, ({ value }) => value).flatMap((same) => {
    const [production] = same.filter(isProduction);
    const others = [...new Set(same.filter((trust) => !isProduction(trust)).map(({ org }) => org.alias))];
    return production && others.length > 0 ? [sharedFlaw(production, others, rule, what)] : [];
  });

type Shared = keyof typeof CONSEQUENCES;

const CONSEQUENCES = {
  issuer: 'only its keys still keep tokens made for tests out of production.',
  endpoint: 'a token made for tests would let its holder in as any customer.',
  key: 'a token made for tests would let its holder in as any customer.',
} as const;

function sharedFlaw({ org, place }: Trust, others: readonly string[], rule: Rule, what: Shared): Flaw {
  const message =
    `The production org ${org.alias} trusts the same ${what} as ${others.join(', ')}: ` + CONSEQUENCES[what];
  return flaw(
    rule,
    place,
    message,
    `Give production its own ${what}: override it in config/orgs, or use a keyset of its own.`,
  );
}

/** Nobody holds the private half of a sample key: in production it is a hole in the trust, elsewhere it verifies nobody. */
const sampleKeys = (keys: readonly Trust[]): readonly Flaw[] =>
  keys
    .filter(({ value }) => SAMPLE_KEYS.has(value))
    .map((key) => {
      const [rule, message] = isProduction(key) ? sampleInProduction(key) : SAMPLE_IN_USE;
      return flaw(rule, key.place, message, 'Make a key pair of your own and publish that.');
    });

const sampleInProduction = ({ org }: Trust): readonly [Rule, string] => [
  FLEET_RULES['sample-key'],
  `${org.alias} is a production org and would trust a sample key of this project.`,
];

const SAMPLE_IN_USE: readonly [Rule, string] = [
  FLEET_RULES['sample-key-in-use'],
  'A sample key of this project: nobody can sign a token with it, so where it is the only key, every customer is locked out.',
];

/** Issuers are compared byte for byte, so two spellings of one issuer are most likely a slip in one of them. */
function lookalikes(all: readonly ComponentMap[]): readonly Flaw[] {
  const keysets = all.flatMap((components) => componentsOf(components, 'PublicKeyCertificateSet'));
  const issuers = keysets.flatMap((keyset) => {
    const issuer = issuerOf(keyset);
    return issuer === undefined ? [] : [{ place: placeAt(keyset, 'jwtIssuer'), issuer }];
  });
  return grouped(issuers, ({ issuer }) => issuer.toLowerCase().replace(/\/$/, '')).flatMap(([first, ...rest]) =>
    rest
      .filter(({ issuer }) => issuer !== first.issuer)
      .map(({ place, issuer }) => lookalike(place, issuer, first.issuer)),
  );
}

function lookalike(place: Place, issuer: string, other: string): Flaw {
  const message = `Issuer ${issuer} differs from ${other} by case or a final slash only; Salesforce compares exactly.`;
  return flaw(
    FLEET_RULES['issuer-lookalike'],
    place,
    message,
    'Write the issuer exactly as the tokens of this org say in "iss".',
  );
}
