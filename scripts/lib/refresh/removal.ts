import { overlay } from '../metadata';
import {
  componentsOf,
  type ComponentKey,
  type Component,
  type ComponentMap,
  type Desired,
  type Snapshot,
} from '../model';
import type { ForeignTrust } from './foreign-trust';

/** The org as it will be once it holds what the source states: what is taken out is judged by that. */
export function asStated(own: ComponentMap, live: Snapshot): ComponentMap {
  return new Map([
    ...live.components,
    ...[...own].map(([key, stated]): [ComponentKey, Component] => {
      const before = live.components.get(key);
      return [key, before ? { ...stated, root: overlay(before.root, stated.root) } : stated];
    }),
  ]);
}

/** What an org should be like when production's trust is out of it; every deployment of the source is published. */
export function removalOf(desired: Desired, { kept, removed }: ForeignTrust): Desired {
  const gone = removed.map((key): [ComponentKey, null] => [key, null]);
  const nothing = { components: new Map<ComponentKey, null>(), channels: new Map<string, boolean>(), sent: false };
  return {
    ...desired,
    way: {
      from: nothing,
      // Read from the org and exact: what is left out here goes.
      to: { components: new Map([...kept, ...gone]), channels: new Map(), sent: false },
      publish: componentsOf(desired.components, 'EmbeddedServiceConfig').map(({ fullName }) => fullName),
      over: true,
    },
  };
}
