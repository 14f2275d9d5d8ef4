import type { Element } from './element';

/**
 * The metadata types this project composes, in the order in which Salesforce needs them (Help: user verification setup;
 * sf-skills: service-digital-engagement-channel-configure). Salesforce resolves references within one metadata deploy.
 */
export const COMPONENT_TYPES = [
  'QueueRoutingConfig',
  'Queue',
  'PublicKeyCertificate',
  'PublicKeyCertificateSet',
  'MessagingChannel',
  'EmbeddedServiceConfig',
  'CorsWhitelistOrigin',
  'CspTrustedSite',
  'PermissionSet',
] as const;

/**
 * The types of the member site, in the order in which Salesforce needs them. They are read from its package directory only, and
 * deployed to the orgs whose org file has "memberSite". Labels and fields are components of their own, although Salesforce
 * stores them in the file of CustomLabels and of their object.
 */
export const MEMBER_SITE_TYPES = [
  'CustomLabel',
  'CustomObject',
  'CustomField',
  'Layout',
  'CustomMetadata',
  'StaticResource',
  'ApexClass',
  'LightningComponentBundle',
] as const;

export type ComponentType = (typeof COMPONENT_TYPES)[number] | (typeof MEMBER_SITE_TYPES)[number];

/** Every type that this project deploys. A permission set can refer to a class. */
export const DEPLOYED_TYPES: readonly ComponentType[] = [...MEMBER_SITE_TYPES, ...COMPONENT_TYPES];

/** One metadata component: its type, developer name, and content. */
export interface Component {
  readonly type: ComponentType;
  readonly fullName: string;
  readonly root: Element;
}

/** Identifies a component in plans, findings, and journals: `MessagingChannel:Web_Chat`. */
export type ComponentKey = `${ComponentType}:${string}`;

/** The types that can sign with a certificate of an org. An InstalledPackage stands for the Apex of a package that can't be read. */
export const SIGNER_TYPES = [
  'ApexClass',
  'ApexTrigger',
  'ExternalCredential',
  'NamedCredential',
  'InstalledPackage',
] as const;

/** Identifies a component that an org file can accept: trust, or what signs with a certificate of the org. */
export type SignerKey = ComponentKey | `${(typeof SIGNER_TYPES)[number]}:${string}`;

export const keyOf = (component: Pick<Component, 'type' | 'fullName'>): ComponentKey =>
  `${component.type}:${component.fullName}`;

/** The type and the developer name in a component key; also of types this project doesn't compose, such as `Flow:Route`. */
export function parseKey(key: string): { readonly type: string; readonly fullName: string } {
  const colon = key.indexOf(':');
  return colon < 0 ? { type: key, fullName: '' } : { type: key.slice(0, colon), fullName: key.slice(colon + 1) };
}

/** The components of one project or one org by key. */
export type ComponentMap = ReadonlyMap<ComponentKey, Component>;

export const mapOf = (components: Iterable<Component>): Map<ComponentKey, Component> =>
  new Map([...components].map((component) => [keyOf(component), component]));

/** All components of one type, in the order of the map. */
export const componentsOf = (components: ComponentMap, type: ComponentType): readonly Component[] =>
  [...components.values()].filter((component) => component.type === type);

/** Whether a name starts with a letter and has only letters, digits, and underscores. Other names are unsafe in paths and queries. */
export const isDeveloperName = (name: string): boolean => /^[A-Za-z]\w*$/.test(name);

/** Whether org files can include and override components of a type. */
export const isComponentType = (name: string): name is (typeof COMPONENT_TYPES)[number] =>
  (COMPONENT_TYPES as readonly string[]).includes(name);

/** Whether plans can deploy components of a type. */
export const isDeployedType = (name: string): name is ComponentType =>
  (DEPLOYED_TYPES as readonly string[]).includes(name);

/**
 * Folder and suffix of each type in source and in a metadata package. They are case-sensitive for the two key types: the
 * CLI recognizes only this spelling (source-deploy-retrieve registry).
 */
export const SOURCE_FOLDERS: Readonly<Record<ComponentType, { readonly folder: string; readonly suffix: string }>> = {
  QueueRoutingConfig: { folder: 'queueRoutingConfigs', suffix: 'queueRoutingConfig' },
  Queue: { folder: 'queues', suffix: 'queue' },
  PublicKeyCertificate: { folder: 'PublicKeyCertificate', suffix: 'PublicKeyCertificate' },
  PublicKeyCertificateSet: { folder: 'PublicKeyCertificateSet', suffix: 'PublicKeyCertificateSet' },
  MessagingChannel: { folder: 'messagingChannels', suffix: 'messagingChannel' },
  EmbeddedServiceConfig: { folder: 'EmbeddedServiceConfig', suffix: 'EmbeddedServiceConfig' },
  CorsWhitelistOrigin: { folder: 'corsWhitelistOrigins', suffix: 'corsWhitelistOrigin' },
  CspTrustedSite: { folder: 'cspTrustedSites', suffix: 'cspTrustedSite' },
  PermissionSet: { folder: 'permissionsets', suffix: 'permissionset' },
  CustomLabel: { folder: 'labels', suffix: 'labels' },
  CustomObject: { folder: 'objects', suffix: 'object' },
  CustomField: { folder: 'objects', suffix: 'field' },
  Layout: { folder: 'layouts', suffix: 'layout' },
  CustomMetadata: { folder: 'customMetadata', suffix: 'md' },
  StaticResource: { folder: 'staticresources', suffix: 'resource' },
  ApexClass: { folder: 'classes', suffix: 'cls' },
  LightningComponentBundle: { folder: 'lwc', suffix: '' },
};

/** A component that a file of the project defines and that no org receives from it. */
export interface Undeployed {
  readonly file: string;
  /**
   * .forceignore excludes the file, this project doesn't deploy the type, the file has an error of its own, or no org file
   * includes the component.
   */
  readonly reason: 'ignored' | 'type' | 'unreadable' | 'unused';
}

/** By key, such as `Flow:Route`. */
export type UndeployedComponents = ReadonlyMap<string, Undeployed>;
