import { childrenOf, elementAt, type Element } from './element';
import type { Component, ComponentType } from './component';

/** A reference from one component to another: the path and element that contain it, and its target. */
export interface Reference {
  readonly path: string;
  readonly type: string;
  readonly name: string;
  readonly element: Element;
}

/**
 * The elements that reference another component (Metadata API guide, the page of each type). A path part that ends in
 * `[]` repeats. This project doesn't deploy `Flow`, so a flow must exist in the org.
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

/** All references of a component, without empty ones. */
export function referencesOf(component: Component): readonly Reference[] {
  return Object.entries(REFERENCES[component.type] ?? {}).flatMap(([path, type]) =>
    elementsAt(component.root, path.split('.')).flatMap((element) => {
      const name = element.text.trim();
      return name === '' ? [] : [{ path: path.replaceAll('[]', ''), type, name, element }];
    }),
  );
}
