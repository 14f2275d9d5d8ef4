import { removeAt } from '../metadata';
import {
  componentsOf,
  isAuthMode,
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
import { findIgnoringCase, isSafeName, type OrgContents } from './org-contents';
import { declaredPart } from './declared-part';

/** The components that the flags request. */
export interface ImportOptions {
  /** Channels to take; empty takes those that verify users. */
  readonly channels: readonly string[];
  readonly origins: boolean;
}

/** Why something is not taken: a component, or one item or element of it, by key and path. */
export type RejectedItems = ReadonlyMap<
  string,
  { readonly rule: string; readonly message: string; readonly fix: string }
>;

/** The part of an org that becomes source. */
export interface ImportSelection {
  readonly contents: OrgContents;
  /** As the source has to state them. */
  readonly components: ComponentMap;
  readonly channels: readonly string[];
  readonly include: readonly ComponentKey[];
  /** Named by what is taken, and left to the org. */
  readonly existing: readonly string[];
}

/** Takes channels, what they reference, the deployments that serve them, and origins; nothing that is refused. */
export function selectComponents(
  contents: OrgContents,
  options: ImportOptions,
  rejected: RejectedItems,
  source: ComponentMap,
): ImportSelection {
  const channels = selectedChannels(contents, options).filter((name) => !rejected.has(`MessagingChannel:${name}`));
  const origins = (options.origins ? originsOf(contents.components) : []).filter((key) => !rejected.has(key));
  const deployments = servingChatDeployments(contents.components, channels)
    .map(keyOf)
    .filter((key) => !rejected.has(key));
  const reached = new Map<ComponentKey, Component>();
  const links: ReferenceLink[] = [];
  const queue = [...channels.map((name): ComponentKey => `MessagingChannel:${name}`), ...deployments, ...origins];
  for (let key = queue.pop(); key; key = queue.pop()) {
    const live = contents.components.get(key);
    if (!live || reached.has(key)) continue;
    const component = withoutRejected(declaredPart(live, source.get(key)), rejected);
    reached.set(key, component);
    const newLinks = linksOf(component, contents, rejected);
    for (const link of newLinks) {
      links.push(link);
      if (link.follow !== undefined) queue.push(link.follow);
    }
  }
  return {
    contents,
    channels,
    components: mapOf(reached.values()),
    include: [...new Set([...origins, ...links.flatMap(({ include }) => include ?? [])])],
    existing: [...new Set(links.flatMap(({ existing }) => existing ?? []))],
  };
}

/** The result of one reference: it is followed, or its component is left to the org. */
interface ReferenceLink {
  readonly follow?: ComponentKey;
  /** Followed, although nothing leads to it under the name that it has. */
  readonly include?: ComponentKey;
  readonly existing?: string;
}

const linksOf = (component: Component, contents: OrgContents, rejected: RejectedItems): readonly ReferenceLink[] => [
  ...referencesOf(component).map(({ type, name }) => linkTo(`${type}:${name}`, contents, rejected)),
  ...botsOf(component).flatMap((existing) => (contents.foundReferences.has(existing) ? [{ existing }] : [])),
];

function linkTo(named: string, { components, foundReferences }: OrgContents, rejected: RejectedItems): ReferenceLink {
  const target = findIgnoringCase(components, named);
  if (!target) return foundReferences.has(named) ? { existing: named } : {};
  if (rejected.has(target)) return isSafeName(target.replace(/^\w+:/, '')) ? { existing: named } : {};
  return target === named ? { follow: target } : { follow: target, include: target, existing: named };
}

/** The channels that are asked for; without a name, those that verify users or have a configuration for it. */
export function selectedChannels(
  { components }: OrgContents,
  { channels }: Pick<ImportOptions, 'channels'>,
): readonly string[] {
  return enhancedChannels(components)
    .filter((channel) => (channels.length > 0 ? channels.includes(channel.fullName) : isAuthMode(channel)))
    .map(({ fullName }) => fullName);
}

/** Channels of Enhanced Chat; there is no user verification on others. */
export const enhancedChannels = (components: ComponentMap): readonly Component[] =>
  componentsOf(components, 'MessagingChannel').filter(
    ({ root }) => textAt(root, 'messagingChannelType') === 'EmbeddedMessaging',
  );

const originsOf = (live: ComponentMap): readonly ComponentKey[] => componentsOf(live, 'CorsWhitelistOrigin').map(keyOf);

/** Chat deployments that serve the channels. */
export const servingChatDeployments = (live: ComponentMap, channels: readonly string[]): readonly Component[] =>
  componentsOf(live, 'EmbeddedServiceConfig').filter((deployment) =>
    referencesOf(deployment).some(({ name }) => channels.includes(name)),
  );

const botsOf = ({ root }: Component): readonly string[] => {
  const bot = textAt(root, 'sessionHandlerAsa');
  return bot === undefined ? [] : [`Bot:${bot}`];
};

/** The component without the elements and the configurations that are refused. */
function withoutRejected(component: Component, rejected: RejectedItems): Component {
  const prefix = `${keyOf(component)} `;
  const paths = [...rejected.keys()].filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
  return { ...component, root: paths.reduce(removePath, component.root) };
}

function removePath(root: Element, path: string): Element {
  const [, key] = /\[(.*)\]$/.exec(path) ?? [];
  return key === undefined ? removeAt(root, path) : withoutAuthorization(root, key);
}

const withoutAuthorization = (root: Element, key: string): Element => ({
  ...root,
  children: root.children.map((child) =>
    child.name === 'embeddedConfig'
      ? { ...child, children: child.children.filter((item) => !isAuthorization(item, key)) }
      : child,
  ),
});

const isAuthorization = (item: Element, key: string): boolean =>
  item.name === 'messagingAuthorizations' && naturalKey(item) === key;
