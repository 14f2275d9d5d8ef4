import { remove } from '../metadata';
import {
  componentsOf,
  keyOf,
  mapOf,
  naturalKey,
  referencesOf,
  textAt,
  type Component,
  type ComponentKey,
  type ComponentMap,
  type Element,
} from '../model';
import { anyCase, type OrgSight } from './sight';
import { statementOf } from './statement';

/** What is asked for with the flags. */
export interface Wish {
  /** Channels to take; empty takes those that verify users. */
  readonly channels: readonly string[];
  readonly origins: boolean;
  readonly webDeployments: boolean;
}

/** Why something is not taken: a component, or one item or element of it, by key and path. */
export type Refused = ReadonlyMap<string, { readonly rule: string; readonly message: string; readonly fix: string }>;

/** The part of an org that becomes source. */
export interface Taken {
  readonly sight: OrgSight;
  /** As the source has to state them. */
  readonly components: ComponentMap;
  readonly channels: readonly string[];
  readonly include: readonly ComponentKey[];
  /** Named by what is taken, and left to the org. */
  readonly existing: readonly string[];
}

/** Takes channels, what they reference, the deployments that serve them, and origins; nothing that is refused. */
export function take(sight: OrgSight, wish: Wish, refused: Refused, source: ComponentMap): Taken {
  const channels = wantedChannels(sight, wish).filter((name) => !refused.has(`MessagingChannel:${name}`));
  const origins = (wish.origins ? originsOf(sight.components) : []).filter((key) => !refused.has(key));
  const deployments = deploymentsOf(sight.components, channels, wish).filter((key) => !refused.has(key));
  const reached = new Map<ComponentKey, Component>();
  const links: Link[] = [];
  const open = [...channels.map((name): ComponentKey => `MessagingChannel:${name}`), ...deployments, ...origins];
  for (let key = open.pop(); key; key = open.pop()) {
    const live = sight.components.get(key);
    if (!live || reached.has(key)) continue;
    const component = withoutRefused(statementOf(live, source.get(key)), refused);
    reached.set(key, component);
    const found = linksOf(component, sight, refused);
    links.push(...found);
    open.push(...found.flatMap(({ follow }) => follow ?? []));
  }
  return {
    ...{ sight, channels, components: mapOf(reached.values()) },
    include: [...new Set([...origins, ...links.flatMap(({ include }) => include ?? [])])],
    existing: [...new Set(links.flatMap(({ existing }) => existing ?? []))],
  };
}

/** What becomes of one reference: it is followed, or what it names is left to the org. */
interface Link {
  readonly follow?: ComponentKey;
  /** Followed, although nothing leads to it under the name that it has. */
  readonly include?: ComponentKey;
  readonly existing?: string;
}

const linksOf = (component: Component, sight: OrgSight, refused: Refused): readonly Link[] => [
  ...referencesOf(component).map(({ type, name }) => linkTo(`${type}:${name}`, sight, refused)),
  ...botsOf(component).flatMap((existing) => (sight.there.has(existing) ? [{ existing }] : [])),
];

function linkTo(named: string, { components, there }: OrgSight, refused: Refused): Link {
  const target = anyCase(components, named);
  if (!target) return there.has(named) ? { existing: named } : {};
  if (refused.has(target)) return { existing: named };
  return target === named ? { follow: target } : { follow: target, include: target, existing: named };
}

/** The channels that are asked for; without a name, those that verify users or have a configuration for it. */
export function wantedChannels({ components }: OrgSight, { channels }: Pick<Wish, 'channels'>): readonly string[] {
  return enhancedChannels(components)
    .filter(({ fullName, root }) =>
      channels.length > 0 ? channels.includes(fullName) : textAt(root, 'embeddedConfig.authMode') === 'Auth',
    )
    .map(({ fullName }) => fullName);
}

/** Channels of Enhanced Chat; there is no user verification on others. */
export const enhancedChannels = (components: ComponentMap): readonly Component[] =>
  componentsOf(components, 'MessagingChannel').filter(
    ({ root }) => textAt(root, 'messagingChannelType') === 'EmbeddedMessaging',
  );

const originsOf = (live: ComponentMap): readonly ComponentKey[] => componentsOf(live, 'CorsWhitelistOrigin').map(keyOf);

/** Deployments that serve the channels. One of type Web is made by Setup alone, so a source with it deploys into no other org. */
const deploymentsOf = (live: ComponentMap, channels: readonly string[], wish: Wish): readonly ComponentKey[] =>
  servingDeployments(live, channels)
    .filter(({ root }) => wish.webDeployments || textAt(root, 'deploymentType') !== 'Web')
    .map(keyOf);

export const servingDeployments = (live: ComponentMap, channels: readonly string[]): readonly Component[] =>
  componentsOf(live, 'EmbeddedServiceConfig').filter((deployment) =>
    referencesOf(deployment).some(({ name }) => channels.includes(name)),
  );

const botsOf = ({ root }: Component): readonly string[] => {
  const bot = textAt(root, 'sessionHandlerAsa');
  return bot === undefined ? [] : [`Bot:${bot}`];
};

export const CONFIGURATIONS = 'embeddedConfig.messagingAuthorizations';

/** The component without the elements and the configurations that are refused. */
function withoutRefused(component: Component, refused: Refused): Component {
  const prefix = `${keyOf(component)} `;
  const paths = [...refused.keys()].filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
  return { ...component, root: paths.reduce(without, component.root) };
}

function without(root: Element, path: string): Element {
  const [, key] = /\[(.*)\]$/.exec(path) ?? [];
  return key === undefined ? remove(root, path) : withoutConfiguration(root, key);
}

const withoutConfiguration = (root: Element, key: string): Element => ({
  ...root,
  children: root.children.map((child) =>
    child.name === 'embeddedConfig'
      ? { ...child, children: child.children.filter((item) => !isConfiguration(item, key)) }
      : child,
  ),
});

const isConfiguration = (item: Element, key: string): boolean =>
  item.name === 'messagingAuthorizations' && naturalKey(item) === key;
