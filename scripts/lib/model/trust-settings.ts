import type { Component, ComponentType } from './component';
import { childrenOf, withLeaf } from './element';
import { disabled, mapAuthorizations } from './closed-trust';

/**
 * What source means by not declaring a setting.
 *
 * - `rejected`: the check reports an error, so no plan is made.
 * - `nothing`: the setting is closed. What only the org has is undeclared trust.
 * - `false`: Salesforce's default, as in a deploy with the sf CLI (Metadata API guide, PublicKeyCertificate and MessagingAuthorization).
 * - `verification`: the check warns. User verification has to be on if the channel still verifies users.
 * - `open`: the live value is kept, because the setting decides where customers chat, and not who is trusted.
 */
type Omission = 'rejected' | 'nothing' | 'false' | 'verification' | 'open';

/**
 * The settings that decide who is trusted and where customers can chat, by type and path. `[]` marks a list. Each one is declared, or
 * its omission has a meaning that a plan compares the org with. Only undeclared `open` settings keep their live value.
 */
export const TRUST_SETTINGS: Partial<Record<ComponentType, Readonly<Record<string, Omission>>>> = {
  MessagingChannel: {
    'embeddedConfig.authMode': 'verification',
    'embeddedConfig.messagingAuthorizations[]': 'nothing',
    'embeddedConfig.messagingAuthorizations[].authIdentifier': 'rejected',
    'embeddedConfig.messagingAuthorizations[].authorizationType': 'rejected',
    'embeddedConfig.messagingAuthorizations[].authProviderName': 'nothing',
    'embeddedConfig.messagingAuthorizations[].enabled': 'false',
    'embeddedConfig.messagingAuthorizations[].publicKeyCertificateSetName': 'rejected',
  },
  PublicKeyCertificateSet: {
    jwtIssuer: 'rejected',
    jwksEndPoint: 'rejected',
    type: 'rejected',
    'publicKeyCertificateSetKeys[]': 'nothing',
  },
  PublicKeyCertificate: { isActive: 'false', jsonWebKey: 'rejected' },
  EmbeddedServiceConfig: { embeddedServiceMessagingChannel: 'rejected', isEnabled: 'open' },
};

/** The names of a type's trust settings: children of the root, or of `embeddedConfig` of a channel. */
export const trustSettingNames = (type: string): readonly string[] => [
  ...new Set(
    Object.keys(TRUST_SETTINGS[type as ComponentType] ?? {}).map((path) =>
      (path.replace(/^embeddedConfig\./, '').split('.')[0] ?? '').replace('[]', ''),
    ),
  ),
];

/** The declared component with Salesforce's default where it omits `isActive` or `enabled`. */
export function withTrustDefaults(component: Component): Component {
  const { type, root } = component;
  if (type === 'MessagingChannel')
    return mapAuthorizations(component, (item) => (childrenOf(item, 'enabled').length > 0 ? item : disabled(item)));
  return type !== 'PublicKeyCertificate' || childrenOf(root, 'isActive').length > 0
    ? component
    : { ...component, root: withLeaf(root, 'isActive', 'false') };
}
