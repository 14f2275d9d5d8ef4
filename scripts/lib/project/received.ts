import {
  isComponentType,
  keyOf,
  parseKey,
  referencesOf,
  type DesiredState,
  type Finding,
  type UndeployedComponents,
} from '../model';

/** The findings of a project, and what is known about its orgs. */
export interface ReceivedScope {
  readonly orgs: readonly DesiredState[];
  readonly undeployed: UndeployedComponents;
  /** Whether `orgs` has every org of the project. */
  readonly allOrgsRead: boolean;
}

/**
 * Makes findings about components that no org receives notes: they can't affect an org, so they don't block a plan. A chat
 * deployment whose file can't be read may belong to a channel of an org, so its findings stay as they are.
 */
export function noteUnreceived(
  findings: readonly Finding[],
  { orgs, undeployed, allOrgsRead }: ReceivedScope,
): readonly Finding[] {
  const wanted = new Set(orgs.flatMap(wantedKeys));
  const isUnreceived = ({ component }: Finding): boolean => {
    const { type } = parseKey(component);
    const isUnreadChatDeployment =
      type === 'EmbeddedServiceConfig' && undeployed.get(component)?.reason === 'unreadable';
    return isComponentType(type) && !wanted.has(component) && !isUnreadChatDeployment;
  };
  const suffix = allOrgsRead ? ' No org receives this component.' : '';
  return findings.map((finding) =>
    finding.severity !== 'note' && isUnreceived(finding)
      ? { ...finding, severity: 'note', message: `${finding.message}${suffix}` }
      : finding,
  );
}

/** The components of an org, and those that it would receive if their files had no errors. */
const wantedKeys = ({ org, components }: DesiredState): readonly string[] =>
  [
    ...components.keys(),
    ...[...org.channels, ...org.inactive].map((name) => keyOf({ type: 'MessagingChannel', fullName: name })),
    ...org.include,
    ...[...components.values()].flatMap((component) =>
      referencesOf(component).map(({ type, name }) => `${type}:${name}`),
    ),
  ].filter((key) => !org.existing.includes(key));
