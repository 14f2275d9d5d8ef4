import type { ComponentMap, Finding, OrgConfig } from '../model';
import { nearest } from '../wsdl';

/** Channels and included components that the source does not define. */
export function unresolvedRoots(org: OrgConfig, source: ComponentMap): readonly Finding[] {
  const stated = [
    ...org.channels.map((name, index) => ({ key: `MessagingChannel:${name}`, path: `channels.${index}` })),
    ...org.inactive.map((name, index) => ({ key: `MessagingChannel:${name}`, path: `inactive.${index}` })),
    ...org.include.map((key, index) => ({ key, path: `include.${index}` })),
  ];
  return stated
    .filter(({ key }) => !has(source, key))
    .map(({ key, path }) =>
      problem(org, 'unknown-component', path, key, `The source has no ${key}.`, suggestion(key, source)),
    );
}

/** Overrides of components that this org does not get: a slip in a name would change nothing, silently. */
export function unusedOverrides(org: OrgConfig, components: ComponentMap): readonly Finding[] {
  return [...org.overrides.keys()]
    .filter((key) => !components.has(key))
    .map((key) => {
      const path = `overrides.${key.replace(':', '.')}`;
      const message = `${key} is overridden, but it is not among what ${org.alias} gets, so the override does nothing.`;
      return problem(org, 'unused-override', path, key, message, suggestion(key, components));
    });
}

const has = (components: ComponentMap, key: string): boolean => (components as ReadonlyMap<string, unknown>).has(key);

/** The nearest name of the same type. */
function suggestion(key: string, components: ComponentMap): string {
  const [type = '', name = ''] = key.split(/:(.*)/s);
  const names = [...components.values()].filter((component) => component.type === type).map(({ fullName }) => fullName);
  const close = nearest(name, names);
  return close ? `Did you mean ${type}:${close}?` : 'Add it to the source, or take it out of the org file.';
}

const problem = (
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
