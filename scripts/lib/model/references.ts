import { childrenOf, elementAt, textAt, type Element } from './element';
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
export const referencesOf = (component: Component): readonly Reference[] =>
  referencesIn(component, REFERENCES[component.type] ?? {});

/**
 * The elements that name something of the org that this project doesn't deploy, or deploys only for another reason. Sources: the
 * Metadata API guide, the page of each type; sf-skills (businessHours is the name of business hours, messageDefinitionName a
 * ConversationMessageDefinition, sessionHandlerAsa the developer name of a bot). A retrieved file names the queue of
 * queueOverflowAssignee; the guide says that it is an ID. A user is looked up if the value is a username. A custom component is a
 * Lightning web component, unless componentBundleType says that it is an Aura component.
 */
const ORG_REFERENCES: Partial<Record<ComponentType, Readonly<Record<string, string>>>> = {
  QueueRoutingConfig: { queueOverflowAssignee: 'Queue', userOverflowAssignee: 'User', 'skills[].skill': 'Skill' },
  MessagingChannel: {
    'automatedResponses[].messageDefinitionName': 'ConversationMessageDefinition',
    sessionHandlerAsa: 'Bot',
  },
  EmbeddedServiceConfig: {
    'embeddedServiceMessagingChannel.businessHours': 'BusinessHours',
    'embeddedServiceFlows[].flow': 'Flow',
  },
};

/**
 * The references of a component to what only the org has. A plan looks them up in the org. Values that are record IDs aren't
 * included.
 */
export const orgReferencesOf = (component: Component): readonly Reference[] =>
  [...referencesIn(component, ORG_REFERENCES[component.type] ?? {}), ...customComponentsOf(component)].filter(
    ({ type, name }) => !isRecordId(name) && (type !== 'User' || name.includes('@')),
  );

const customComponentsOf = ({ root }: Component): readonly Reference[] =>
  childrenOf(root, 'embeddedServiceCustomComponents').flatMap((item) => {
    const element = elementAt(item, 'customComponent');
    const name = element?.text.trim().replace(/^c:/, '') ?? '';
    const type = textAt(item, 'componentBundleType') ?? 'LightningComponentBundle';
    const path = 'embeddedServiceCustomComponents.customComponent';
    return element && name !== '' ? [{ path, type, name, element }] : [];
  });

/** A record ID has 15 or 18 characters and starts with the prefix of its type; queues have 00G. */
const isRecordId = (name: string): boolean => /^0[\w]{2}[a-zA-Z0-9]{12}(?:[a-zA-Z0-9]{3})?$/.test(name);

const referencesIn = (component: Component, paths: Readonly<Record<string, string>>): readonly Reference[] =>
  Object.entries(paths).flatMap(([path, type]) =>
    elementsAt(component.root, path.split('.')).flatMap((element) => {
      const name = element.text.trim();
      return name === '' ? [] : [{ path: path.replaceAll('[]', ''), type, name, element }];
    }),
  );
