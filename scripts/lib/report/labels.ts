import { parseKey } from '../model';
/** What Setup calls each type. */
const TYPE_LABELS: Readonly<Record<string, string>> = {
  MessagingChannel: 'Channel',
  PublicKeyCertificateSet: 'JSON Web Keyset',
  PublicKeyCertificate: 'JSON Web Key',
  EmbeddedServiceConfig: 'Deployment',
  QueueRoutingConfig: 'Routing Configuration',
  CorsWhitelistOrigin: 'CORS Allowed Origin',
  PermissionSet: 'Permission Set',
};

/** `MessagingChannel:Web_Chat` in two parts, the type in Setup's words: `Channel` and `Web_Chat`. */
export function splitLabel(component: string): readonly [kind: string, name: string] {
  const { type, fullName } = parseKey(component);
  return [TYPE_LABELS[type] ?? type, fullName];
}

/** A value as a person reads it. */
export const formatValue = (value: string | null): string =>
  value === null ? '(not set)' : value === '' ? '(empty)' : value;
