import { overlay } from '../metadata';
import type { Component, ComponentKey, ComponentMap, Snapshot } from '../model';

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
