import {
  parseKey,
  originIn,
  type ComponentKey,
  type ComponentMap,
  type Finding,
  type OrgConfig,
  type UndeployedComponents,
} from '../model';
import { closestMatch } from '../metadata';

/**
 * Findings for channels, included components, and keysets with listed keys that source doesn't define. A component whose file has an error of its own isn't
 * reported again.
 */
export function unknownComponents(
  org: OrgConfig,
  source: ComponentMap,
  undeployed: UndeployedComponents,
): readonly Finding[] {
  const entries = [
    ...org.channels.map((name, index) => ({ key: `MessagingChannel:${name}`, path: `channels.${index}` })),
    ...org.inactive.map((name, index) => ({ key: `MessagingChannel:${name}`, path: `inactive.${index}` })),
    ...org.include.map((key, index) => ({ key, path: `include.${index}` })),
    ...Object.keys(org.endpointKeys ?? {}).map((name) => ({
      key: `PublicKeyCertificateSet:${name}`,
      path: `endpointKeys.${name}`,
    })),
  ];
  return entries
    .filter(({ key }) => !hasComponent(source, key) && undeployed.get(key)?.reason !== 'unreadable')
    .map(({ key, path }) => unknownComponent(org, path, key, source, undeployed));
}

function unknownComponent(
  org: OrgConfig,
  path: string,
  key: string,
  source: ComponentMap,
  undeployed: UndeployedComponents,
): Finding {
  const cause = undeployed.get(key);
  const [message, fix] = cause
    ? [`.forceignore excludes ${cause.file}.`, 'Remove the pattern from .forceignore, or the entry from the org file.']
    : [`${key} doesn't exist in source.`, suggestion(key, [...source.keys(), ...undeployed.keys()])];
  return orgFileFinding(org, 'unknown-component', path, key, message, fix);
}

/**
 * Findings for overrides of components that aren't in the desired state of the org, because they would have no effect. A shared
 * override can be meant for other orgs, so only its component must exist in source.
 */
export function unusedOverrides(
  org: OrgConfig,
  components: ComponentMap,
  source: ComponentMap,
  undeployed: UndeployedComponents,
): readonly Finding[] {
  const isShared = (key: ComponentKey): boolean => originIn(org, overridePath(key)).file !== org.file;
  return [...org.overrides.keys()]
    .filter((key) => !components.has(key) && undeployed.get(key)?.reason !== 'unreadable')
    .filter((key) => !isShared(key) || !source.has(key))
    .map((key) => {
      const path = overridePath(key);
      const message = `The override of ${key} has no effect, because ${org.alias} doesn't receive ${key}.`;
      return orgFileFinding(org, 'unused-override', path, key, message, suggestion(key, components.keys()));
    });
}

const overridePath = (key: ComponentKey): string => `overrides.${key.replace(':', '.')}`;

/** Findings for retired components that the org still receives. */
export const retiredInUse = (org: OrgConfig, components: ComponentMap): readonly Finding[] =>
  org.retired.flatMap((key, index) =>
    components.has(key)
      ? [
          orgFileFinding(
            org,
            'retired-in-use',
            `retired.${index}`,
            key,
            `${key} is retired, but ${org.alias} receives it.`,
            'Remove it from "retired", or remove what refers to it from "channels" and "include".',
          ),
        ]
      : [],
  );

const hasComponent = (components: ComponentMap, key: string): boolean =>
  (components as ReadonlyMap<string, unknown>).has(key);

/** A fix that suggests the most similar name of the same type. */
function suggestion(key: string, keys: Iterable<string>): string {
  const { type, fullName: name } = parseKey(key);
  const names = [...keys].map(parseKey).filter((each) => each.type === type);
  const match = closestMatch(
    name,
    names.map(({ fullName }) => fullName),
  );
  return match ? `Did you mean ${type}:${match}?` : 'Add it to source, or remove it from the org file.';
}

const orgFileFinding = (
  org: OrgConfig,
  rule: string,
  path: string,
  component: string,
  message: string,
  fix: string,
): Finding => ({
  rule,
  severity: 'error',
  component,
  path,
  ...originIn(org, path),
  message,
  fix,
});
