import { componentsOf, type Component, type ComponentMap } from './component';
import { childrenOf, elementAt, isTrueAt, textAt } from './element';

/** The keysets that Salesforce verifies tokens with: those that an active configuration of a verified channel names. */
export function trustedKeysets(components: ComponentMap): readonly Component[] {
  const authorizations = componentsOf(components, 'MessagingChannel').flatMap(({ root }) => {
    const config = elementAt(root, 'embeddedConfig');
    return config && textAt(config, 'authMode') === 'Auth' ? childrenOf(config, 'messagingAuthorizations') : [];
  });
  const names = authorizations
    .filter((configuration) => isTrueAt(configuration, 'enabled'))
    .map((configuration) => textAt(configuration, 'publicKeyCertificateSetName'));
  return componentsOf(components, 'PublicKeyCertificateSet').filter(({ fullName }) => names.includes(fullName));
}
