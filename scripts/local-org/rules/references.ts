import { child, children, childText, type XmlElement } from '../metadata/xml';
import { keysetNames } from './channel-authorization';

/** A component that another component refers to. */
export interface Reference {
  readonly type: string;
  readonly name: string;
}

/** Returns the references of a component of the messaging types. */
export function findReferences(type: string, root: XmlElement): Reference[] {
  switch (type) {
    case 'PublicKeyCertificateSet':
      return namedReferences(
        'PublicKeyCertificate',
        children(root, 'publicKeyCertificateSetKeys'),
        'publicKeyCertificate',
      );
    case 'MessagingChannel':
      return [
        ...keysetNames(root).map((name) => ({ type: 'PublicKeyCertificateSet', name })),
        ...namedReferences('Queue', [root], 'sessionHandlerQueue'),
        ...namedReferences('Flow', [root], 'sessionHandlerFlow'),
      ];
    case 'EmbeddedServiceConfig':
      return namedReferences(
        'MessagingChannel',
        [child(root, 'embeddedServiceMessagingChannel') ?? root],
        'messagingChannel',
      );
    case 'Queue':
      return namedReferences('QueueRoutingConfig', [root], 'queueRoutingConfig');
    default:
      return [];
  }
}

function namedReferences(type: string, holders: readonly XmlElement[], field: string): Reference[] {
  return holders.flatMap((holder) => {
    const name = childText(holder, field);
    return name ? [{ type, name }] : [];
  });
}
