import { parseKey } from '../model';

/** The name of each type in Setup. */
const TYPE_LABELS: Readonly<Record<string, string>> = {
  MessagingChannel: 'Channel',
  PublicKeyCertificateSet: 'JSON Web Keyset',
  PublicKeyCertificate: 'JSON Web Key',
  EmbeddedServiceConfig: 'Chat Deployment',
  QueueRoutingConfig: 'Routing Configuration',
  CorsWhitelistOrigin: 'CORS Allowed Origin',
  CspTrustedSite: 'Trusted URL',
  PermissionSet: 'Permission Set',
};

/** Splits `MessagingChannel:Web_Chat` into the name of the type in Setup, `Channel`, and `Web_Chat`. */
export function splitLabel(component: string): readonly [kind: string, name: string] {
  const { type, fullName } = parseKey(component);
  return [TYPE_LABELS[type] ?? type, fullName];
}

/** The value of a setting; `(not set)` and `(empty)` if there is none. */
export const formatValue = (value: string | null): string =>
  value === null ? '(not set)' : value === '' ? '(empty)' : value;
