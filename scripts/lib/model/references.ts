import { childrenOf, elementAt, type Element } from './element';
import type { Component, ComponentType } from './component';

/** One component naming another: where it says so, and what it names. */
export interface Reference {
  readonly path: string;
  readonly type: string;
  readonly name: string;
  readonly element: Element;
}

/**
 * Which elements name another component (Metadata API guide, one page a type). A path part ending in `[]` repeats.
 * `Flow` is no type that this project composes: a flow has to be in the org already.
 */
const REFERENCES: Partial<Record<ComponentType, Readonly<Record<string, string>>>> = {
  Queue: { queueRoutingConfig: 'QueueRoutingConfig' },
  PublicKeyCertificateSet: { 'publicKeyCertificateSetKeys[].publicKeyCertificate': 'PublicKeyCertificate' },
  MessagingChannel: {
    'embeddedConfig.messagingAuthorizations[].publicKeyCertificateSetName': 'PublicKeyCertificateSet',
    sessionHandlerQueue: 'Queue',
    queueRoutingConfig: 'QueueRoutingConfig',
    sessionHandlerFlow: 'Flow',
    'embeddedConfig.offlineFormFlow': 'Flow',
  },
  EmbeddedServiceConfig: { 'embeddedServiceMessagingChannel.messagingChannel': 'MessagingChannel' },
};

function elementsAt(element: Element, path: readonly string[]): readonly Element[] {
  const [part, ...rest] = path;
  if (part === undefined) return [element];
  const next = part.endsWith('[]') ? childrenOf(element, part.slice(0, -2)) : [elementAt(element, part)];
  return next.flatMap((child) => (child ? elementsAt(child, rest) : []));
}

/** Every reference that a component makes, empty ones left out. */
export function referencesOf(component: Component): readonly Reference[] {
  return Object.entries(REFERENCES[component.type] ?? {}).flatMap(([path, type]) =>
    elementsAt(component.root, path.split('.')).flatMap((element) => {
      const name = element.text.trim();
      return name === '' ? [] : [{ path: path.replaceAll('[]', ''), type, name, element }];
    }),
  );
}
