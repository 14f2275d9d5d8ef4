import { child, children, childText, type XmlElement } from '../metadata/xml';
import { keysetNamesOf } from './channel-authorization';

/** A component another one cannot do without. */
export interface Reference {
  readonly type: string;
  readonly name: string;
}

/** What a component refers to, as far as the messaging types are concerned. */
export function referencesOf(type: string, root: XmlElement): Reference[] {
  switch (type) {
    case 'PublicKeyCertificateSet':
      return named('PublicKeyCertificate', children(root, 'publicKeyCertificateSetKeys'), 'publicKeyCertificate');
    case 'MessagingChannel':
      return [
        ...keysetNamesOf(root).map((name) => ({ type: 'PublicKeyCertificateSet', name })),
        ...named('Queue', [root], 'sessionHandlerQueue'),
        ...named('Flow', [root], 'sessionHandlerFlow'),
      ];
    case 'EmbeddedServiceConfig':
      return named('MessagingChannel', [child(root, 'embeddedServiceMessagingChannel') ?? root], 'messagingChannel');
    case 'Queue':
      return named('QueueRoutingConfig', [root], 'queueRoutingConfig');
    default:
      return [];
  }
}

function named(type: string, holders: readonly XmlElement[], field: string): Reference[] {
  return holders.flatMap((holder) => {
    const name = childText(holder, field);
    return name ? [{ type, name }] : [];
  });
}
