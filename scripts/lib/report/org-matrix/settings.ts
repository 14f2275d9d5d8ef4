import { keyFactsOf } from '../../jwk';
import {
  authorizationsOf,
  configurationNameOf,
  isAuthMode,
  isEnabled,
  issuerOf,
  isTrueAt,
  jwksUrlOf,
  keyNamesOf,
  keysetNameOf,
  textAt,
  type Component,
  type Element,
  type LiveState,
} from '../../model';

/** One setting of a component: its label in Setup, and its formatted value. */
export type Setting = readonly [label: string, value: string];

/** The settings of a component that `status` prints. */
export function settingsOf(component: Component, channels: LiveState['channels'], now: Date): readonly Setting[] {
  switch (component.type) {
    case 'MessagingChannel':
      return channelSettings(component, channels);
    case 'PublicKeyCertificateSet':
      return keysetSettings(component);
    case 'PublicKeyCertificate':
      return keySettings(component, now);
    case 'EmbeddedServiceConfig':
      return [
        ['Enabled', yesNo(isTrueAt(component.root, 'isEnabled'))],
        ['Channel', valueAt(component, 'embeddedServiceMessagingChannel.messagingChannel')],
      ];
    default:
      return [];
  }
}

const yesNo = (value: boolean): string => (value ? 'yes' : 'no');

const valueAt = ({ root }: Component, path: string): string => textAt(root, path) ?? '-';

function channelSettings(channel: Component, channels: LiveState['channels']): readonly Setting[] {
  return [
    ['Active', yesNo(channels.get(channel.fullName)?.active ?? false)],
    ['User verification', isAuthMode(channel) ? 'on' : 'off'],
    ...authorizationsOf(channel).map((item): Setting => [
      `Configuration ${configurationNameOf(item) ?? ''}`,
      authorizationValue(item),
    ]),
    ['Verified token, min', valueAt(channel, 'embeddedConfig.verifiedUserJwtExpirationTime')],
    ['Unverified token, min', valueAt(channel, 'embeddedConfig.anonymousUserJwtExpirationTime')],
    ['Routing', routingValue(channel)],
  ];
}

const authorizationValue = (item: Element): string =>
  `${keysetNameOf(item) ?? '-'}${isEnabled(item) ? '' : ' (disabled)'}`;

function routingValue({ root }: Component): string {
  const handlers = ['sessionHandlerFlow', 'sessionHandlerAsa', 'sessionHandlerUser', 'sessionHandlerQueue'];
  return handlers.flatMap((name) => textAt(root, name) ?? []).join(', ') || '-';
}

function keysetSettings(keyset: Component): readonly Setting[] {
  const [keys, endpoint] = [keyNamesOf(keyset), jwksUrlOf(keyset)];
  return [
    ['Issuer', issuerOf(keyset) ?? '-'],
    ...(endpoint ? [['Endpoint URL', endpoint] as const] : []),
    ...(keys.length > 0 ? [['Keys', [...keys].sort().join(', ')] as const] : []),
  ];
}

function keySettings(key: Component, now: Date): readonly Setting[] {
  const facts = keyFactsOf(key, now);
  const days = facts?.certificate?.daysLeft;
  return [
    ['Active', yesNo(isTrueAt(key.root, 'isActive'))],
    ['kid', facts?.kid ?? '-'],
    ['Thumbprint', facts?.thumbprint.slice(0, 12) ?? '-'],
    ['Certificate, days left', days === undefined ? '-' : String(Math.floor(days))],
  ];
}
