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
  CustomLabel: 'Custom Label',
  CustomObject: 'Custom Object',
  CustomField: 'Custom Field',
  Layout: 'Page Layout',
  CustomMetadata: 'Custom Metadata Record',
  StaticResource: 'Static Resource',
  ApexClass: 'Apex Class',
  LightningComponentBundle: 'Lightning Web Component',
};

/** The name of each setting in Setup that has one. */
const SETTING_LABELS: Readonly<Record<string, string>> = {
  'embeddedConfig.authMode': 'User verification',
  jwtIssuer: 'JSON Web Key Issuer',
  jwksEndPoint: 'JWKS endpoint',
  isActive: 'Active',
  sessionHandlerQueue: 'Queue',
};

/** Splits `MessagingChannel:Web_Chat` into the name of the type in Setup, `Channel`, and `Web_Chat`. */
export function splitLabel(component: string): readonly [kind: string, name: string] {
  const { type, fullName } = parseKey(component);
  return [TYPE_LABELS[type] ?? type, fullName];
}

/**
 * The Setup name of a component, with its metadata type in parentheses if that differs:
 * `JSON Web Keyset Customer_Identity (PublicKeyCertificateSet)`.
 */
export function componentLabel(component: string): string {
  const { type, fullName } = parseKey(component);
  const [kind] = splitLabel(component);
  return `${kind} ${fullName}${kind === type ? '' : ` (${type})`}`;
}

/** The Setup name of a setting with its path in parentheses, `User verification (embeddedConfig.authMode)`; otherwise the path. */
export const settingLabel = (path: string): string =>
  settingName(path) === undefined ? path : `${settingName(path)} (${path})`;

/** The name of a setting in Setup; undefined if it has none. */
export const settingName = (path: string): string | undefined => SETTING_LABELS[path];

/** The value of a setting; `(not set)` and `(empty)` if there is none. */
export const formatValue = (value: string | null): string =>
  value === null ? '(not set)' : value === '' ? '(empty)' : value;
