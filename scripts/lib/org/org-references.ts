import { asToolError, ToolError } from '../errors';
import { closestMatch } from '../metadata';
import {
  groupBy,
  isComponentType,
  joinNames,
  keyOf,
  orgReferencesOf,
  parseKey,
  referencesOf,
  sfCommand,
  type Component,
  type DesiredState,
  type Plan,
  type Reference,
} from '../model';
import type { Sf } from '../sf';
import type { LiveOrg } from './read-org';
import { retrieveComponents } from './retrieve';
import { quoted } from './soql';

/** A reference that a plan adds to a component. */
interface NewReference extends Reference {
  readonly component: Component;
  /** `Skill:Returns` */
  readonly key: string;
}

/**
 * Throws `missing-in-org` if a plan deploys a component that names something neither the org nor the deploy has: a message
 * definition, business hours, a custom component, a skill, an overflow queue, a flow, or an active bot. Salesforce would
 * reject the deploy. References that the live component has already aren't looked up. A rollback restores them unchecked.
 */
export async function assertOrgReferences(
  sf: Sf,
  { transition }: Pick<DesiredState, 'transition'>,
  plan: Plan,
  live: LiveOrg,
  apiVersion: string,
): Promise<void> {
  if (transition?.to.partial === false) return;
  const added = newReferences(plan, live);
  const missing = await missingKeys(sf, plan.org.alias, added, apiVersion);
  const unresolved = added.filter(({ key }) => missing.has(key));
  const similar = [...missing.values()].filter((key) => key !== '');
  if (unresolved.length > 0) throw missingReferenceError(plan.org.alias, unresolved, similar);
}

/** The references of a component to what this project doesn't deploy, such as flows and bots. */
const referencesToOrg = (component: Component): readonly Reference[] => [
  ...orgReferencesOf(component),
  ...referencesOf(component).filter(({ type }) => !isComponentType(type)),
];

/** The references that the plan adds, without those to components of the same deploy and those that were read already. */
const newReferences = ({ org, toDeploy }: Plan, live: LiveOrg): readonly NewReference[] =>
  [...toDeploy.values()].flatMap((component) => {
    const before = live.components.get(keyOf(component));
    const known = new Set((before ? referencesToOrg(before) : []).map(({ path, name }) => `${path} ${name}`));
    return referencesToOrg(component)
      .filter(({ path, name }) => !known.has(`${path} ${name}`))
      .map((reference) => ({ ...reference, component, key: `${reference.type}:${reference.name}` }))
      .filter(({ key }) => !org.existing.includes(key) && ![...toDeploy.keys()].some((each) => each === key));
  });

/** What the org doesn't have, each with what it has under the most similar name: empty if nothing is similar or no names were read. */
async function missingKeys(
  sf: Sf,
  alias: string,
  references: readonly NewReference[],
  apiVersion: string,
): Promise<ReadonlyMap<string, string>> {
  const byType = groupBy(references, ({ type }) => (Object.hasOwn(QUERIES, type) ? type : ''));
  const missing = new Map<string, string>();
  for (const [type, items] of byType) {
    const query = QUERIES[type];
    const keys = [...new Set(items.map(({ key }) => key))];
    const absent = query
      ? await missingRecords(sf, alias, items, query)
      : (await missingInMetadata(sf, alias, keys, apiVersion)).map((key) => [key, ''] as const);
    absent.forEach(([key, similar]) => missing.set(key, similar));
  }
  return missing;
}

async function missingRecords(
  sf: Sf,
  alias: string,
  references: readonly NewReference[],
  { soql, nameOf }: RecordQuery,
): Promise<readonly (readonly [key: string, similar: string])[]> {
  const names = (await sf.query(alias, soql(references.map(({ name }) => name)))).map(nameOf);
  const found = new Set(names.map(comparable));
  return references
    .filter(({ name }) => !found.has(comparable(name)))
    .map(({ key, type, name }) => {
      const similar = closestMatch(name, names);
      return [key, similar === undefined ? '' : `${type}:${similar}`];
    });
}

/** The components that the org doesn't have. Types that this API version doesn't have can't be looked up. */
async function missingInMetadata(
  sf: Sf,
  alias: string,
  keys: readonly string[],
  apiVersion: string,
): Promise<readonly string[]> {
  try {
    return (await retrieveComponents(sf, { org: { alias, existing: keys }, components: new Map() }, apiVersion))
      .missing;
  } catch (thrown) {
    const { code, why } = asToolError(thrown);
    const unknownTypes = [...why.matchAll(/Entity type '(\w+)' is unknown/g)].map(([, type = '']) => type);
    if (code !== 'retrieve-failed' || unknownTypes.length === 0) throw thrown;
    const known = keys.filter((key) => !unknownTypes.includes(parseKey(key).type));
    return known.length === 0 || known.length === keys.length ? [] : missingInMetadata(sf, alias, known, apiVersion);
  }
}

/**
 * Types that are looked up as records. Business hours have no metadata component of their own. Only an active bot handles
 * sessions ("Only active Agentforce Service Agents are supported", sf-skills: service-agentforce-channel-configure).
 */
const QUERIES: Readonly<Record<string, RecordQuery>> = {
  BusinessHours: {
    soql: () => 'SELECT Name FROM BusinessHours WHERE IsActive = true',
    nameOf: ({ Name: name }) => name as string,
  },
  Bot: {
    soql: () => "SELECT BotDefinition.DeveloperName FROM BotVersion WHERE Status = 'Active'",
    nameOf: ({ BotDefinition: bot }) => (bot as { readonly DeveloperName: string } | null)?.DeveloperName ?? '',
  },
  User: {
    soql: (names) =>
      `SELECT Username FROM User WHERE IsActive = true AND Username IN (${names.map(quoted).join(', ')})`,
    nameOf: ({ Username: name }) => name as string,
  },
};

/** A query for records with some names, and the name in each of them. */
interface RecordQuery {
  readonly soql: (names: readonly string[]) => string;
  readonly nameOf: (row: Readonly<Record<string, unknown>>) => string;
}

/** Names are compared without case, spaces, and underscores: sources differ on how business hours are named. */
const comparable = (name: string): string => name.toLowerCase().replace(/[\s_]+/g, '');

function missingReferenceError(
  alias: string,
  references: readonly NewReference[],
  similar: readonly string[],
): ToolError {
  const keys = [...new Set(references.map(({ key }) => key))];
  const [verb, them] = keys.length === 1 ? ["doesn't exist", 'it'] : ["don't exist", 'them'];
  const bots = keys.filter((key) => key.startsWith('Bot:'));
  const commands = keys
    .filter((key) => !/^(BusinessHours|User):/.test(key))
    .map((key) => sfCommand('project', 'deploy', 'start', '--metadata', key, '--target-org', alias));
  return new ToolError('missing-in-org', {
    what: `${joinNames(keys)} ${verb} in "${alias}"${bots.length > 0 ? ', or has no active version' : ''}.${similar.length > 0 ? ` Did you mean ${joinNames(similar)}?` : ''} Nothing was deployed to it.`,
    why: `${joinNames([...new Set(references.map(({ component, path }) => `${keyOf(component)} ${path}`))])} ${references.length === 1 ? 'names' : 'name'} ${them}, and Salesforce rejects a name that doesn't exist.`,
    fix: `If a name is misspelled, correct it in source. Otherwise create ${them} in the org, or remove the element from source.${commands.length > 0 ? ` If a package directory contains ${them}: ${commands.join('; ')}` : ''}`,
  });
}
