import { componentsOf, keyOf, type ComponentKey } from './component';
import { isTrueAt } from './element';
import type { DesiredState } from './org';
import type { LiveState } from './plan';
import { trustedKeysets } from './trust';

/**
 * The channels, chat deployments, and keysets that an org uses and source doesn't manage: a component that was removed from an org
 * file stays in the org. Existing, retired, and accepted components are left out.
 */
export function unmanagedInUse(
  { org, components }: Pick<DesiredState, 'org' | 'components'>,
  live: Pick<LiveState, 'components' | 'channels'>,
): readonly ComponentKey[] {
  const known = new Set<string>([
    ...components.keys(),
    ...org.existing,
    ...org.retired,
    ...org.alsoTrusted.map((each) => each.component),
  ]);
  const used = [
    ...componentsOf(live.components, 'MessagingChannel').filter(({ fullName }) => live.channels.get(fullName)?.active),
    ...componentsOf(live.components, 'EmbeddedServiceConfig').filter(({ root }) => isTrueAt(root, 'isEnabled')),
    ...trustedKeysets(live.components),
  ];
  return used.map(keyOf).filter((key) => !known.has(key));
}

/**
 * The active Enhanced Chat channels whose metadata the login can't read, although it can read their records: nobody knows whom they
 * trust.
 */
export function unreadChannels({
  components,
  channels,
}: Pick<LiveState, 'components' | 'channels'>): readonly string[] {
  const read = new Set(componentsOf(components, 'MessagingChannel').map(({ fullName }) => fullName.toLowerCase()));
  return [...channels].flatMap(([name, { active }]) => (active && !read.has(name.toLowerCase()) ? [name] : []));
}
