import { compose } from '../compose';
import { componentsOf, keyOf, referencesOf, type ComponentMap, type Desired, type OrgConfig } from '../model';
import { productionTrust } from '../rules';
import { desiredOf, fit, type Fitting, type Terms } from './fit';
import { anyCase, nothingToImport, type OrgSight } from './sight';
import { enhancedChannels, type Refused, type Wish } from './take';

interface Surroundings extends Terms {
  readonly orgs: readonly OrgConfig[];
}

type Reason = readonly [string, { readonly rule: string; readonly message: string; readonly fix: string }];

/**
 * Fits several orgs into one source: names that differ by case only, trust that a sandbox still shares with production,
 * and deployments that not every org has would spoil a plan, so they are left to the orgs.
 */
export function fitAll(sights: readonly OrgSight[], wish: Wish, around: Surroundings): readonly Fitting[] {
  const spelt = sights.map((sight, index) => {
    const first = otherSpellings(sight, [around.source, ...sights.slice(0, index).map(({ components }) => components)]);
    return fit(sight, wish, first, around);
  });
  const trusting = spelt.map((fitting) => again(fitting, sharedTrust(fitting, spelt, around), wish, around));
  const fitted = trusting.map((fitting) => again(fitting, unevenDeployments(fitting, trusting, around), wish, around));
  fitted.forEach(({ taken: { sight, channels } }) => {
    if (channels.length === 0)
      throw nothingToImport(
        sight.alias,
        enhancedChannels(sight.components).map(({ fullName }) => fullName),
      );
  });
  return fitted;
}

const again = ({ taken: { sight }, refused }: Fitting, more: readonly Reason[], wish: Wish, terms: Terms): Fitting =>
  fit(sight, wish, new Map([...refused, ...more]), terms);

/** A project has one spelling of a name, for to Salesforce and to some file systems both are one. */
function otherSpellings({ components }: OrgSight, known: readonly ComponentMap[]): Refused {
  return new Map(
    [...components.keys()].flatMap((key): Reason[] => {
      const spelt = known.map((each) => anyCase(each, key)).find((each) => each !== undefined);
      return spelt === undefined || spelt === key ? [] : [[key, spelling(key, spelt)]];
    }),
  );
}

const spelling = (key: string, spelt: string): Reason[1] => ({
  rule: 'name-case',
  message: `${key} is called ${spelt} elsewhere, and a source can have one spelling of a name.`,
  fix: 'Rename it in one of the orgs, or in the source.',
});

/** Taking it over would state that a token made for tests is good in production, and check refuses that. */
function sharedTrust(fitting: Fitting, all: readonly Fitting[], around: Surroundings): readonly Reason[] {
  const mine = desiredOf(fitting.taken);
  if (mine.org.kind === 'production') return [];
  const known = around.orgs.filter((org) => !all.some(({ taken }) => taken.sight.alias === org.alias));
  const orgs: readonly Desired[] = [
    ...known.map((org) => compose(around.source, org).desired),
    ...all.map(({ taken }) => desiredOf(taken)),
  ];
  return productionTrust(mine, orgs, around.now).map(({ component, what, production }) => [
    component,
    {
      rule: 'production-trust',
      message: `It trusts the same ${what} as the production org ${production}.`,
      fix: `Give the org its own ${what}; npm run refresh does that for a sandbox that was refreshed from production.`,
    },
  ]);
}

/** Every org with the channel would get the deployment, so it goes into the source only if every such org has it. */
function unevenDeployments({ taken }: Fitting, all: readonly Fitting[], around: Surroundings): readonly Reason[] {
  const fresh = componentsOf(taken.components, 'EmbeddedServiceConfig').filter(
    (deployment) => !around.source.has(keyOf(deployment)),
  );
  return fresh.flatMap((deployment): Reason[] => {
    const served = referencesOf(deployment).map(({ name }) => name);
    const lacking = [
      ...all.filter((each) => !each.taken.components.has(keyOf(deployment))).map((each) => desiredOf(each.taken).org),
      ...around.orgs.filter(({ alias }) => !all.some((each) => each.taken.sight.alias === alias)),
    ].filter(({ channels }) => channels.some((name) => served.includes(name)));
    return lacking.length === 0 ? [] : [[keyOf(deployment), uneven(lacking.map(({ alias }) => alias))]];
  });
}

const uneven = (aliases: readonly string[]): Reason[1] => ({
  rule: 'deployment-not-everywhere',
  message: `The channel is in ${aliases.join(', ')} too, where this deployment is not and would be made.`,
  fix: 'If every org with the channel should have it, retrieve it into the source.',
});
