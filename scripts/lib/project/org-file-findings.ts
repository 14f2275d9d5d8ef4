import { parseKey, type ComponentMap, type Finding, type OrgConfig } from '../model';
import { closestMatch } from '../metadata';

/** Channels and included components that the source does not define. */
export function unknownComponents(org: OrgConfig, source: ComponentMap): readonly Finding[] {
  const entries = [
    ...org.channels.map((name, index) => ({ key: `MessagingChannel:${name}`, path: `channels.${index}` })),
    ...org.inactive.map((name, index) => ({ key: `MessagingChannel:${name}`, path: `inactive.${index}` })),
    ...org.include.map((key, index) => ({ key, path: `include.${index}` })),
  ];
  return entries
    .filter(({ key }) => !hasComponent(source, key))
    .map(({ key, path }) =>
      orgFileFinding(org, 'unknown-component', path, key, `The source has no ${key}.`, suggestion(key, source)),
    );
}

/** Overrides of components that this org does not get: a slip in a name would change nothing, silently. */
export function unusedOverrides(org: OrgConfig, components: ComponentMap): readonly Finding[] {
  return [...org.overrides.keys()]
    .filter((key) => !components.has(key))
    .map((key) => {
      const path = `overrides.${key.replace(':', '.')}`;
      const message = `${key} is overridden, but it is not among what ${org.alias} gets, so the override does nothing.`;
      return orgFileFinding(org, 'unused-override', path, key, message, suggestion(key, components));
    });
}

const hasComponent = (components: ComponentMap, key: string): boolean =>
  (components as ReadonlyMap<string, unknown>).has(key);

/** The nearest name of the same type. */
function suggestion(key: string, components: ComponentMap): string {
  const { type, fullName: name } = parseKey(key);
  const names = [...components.values()].filter((component) => component.type === type).map(({ fullName }) => fullName);
  const match = closestMatch(name, names);
  return match ? `Did you mean ${type}:${match}?` : 'Add it to the source, or take it out of the org file.';
}

const orgFileFinding = (
  org: OrgConfig,
  rule: string,
  path: string,
  component: string,
  message: string,
  fix: string,
): Finding => ({
  ...{ rule, severity: 'error', component, path, file: org.file, line: org.lines.get(path) ?? 1 },
  message,
  fix,
});
