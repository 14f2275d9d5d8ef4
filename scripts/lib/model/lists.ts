import { textAt, type Element } from './element';

/**
 * The lists of the Metadata API whose items have a natural key. Their order is irrelevant, so items are merged and compared
 * by that key, such as the Configuration Name of an authorization.
 */
const NATURAL_KEYS: Readonly<Record<string, readonly string[]>> = {
  messagingAuthorizations: ['authIdentifier'],
  customParameters: ['name'],
  standardParameters: ['parameterType'],
  automatedResponses: ['type', 'language'],
  messagingKeywords: ['keywordType', 'language'],
  actionParameterMappings: ['actionParameterName'],
  channelUsages: ['deploymentType'],
  publicKeyCertificateSetKeys: ['publicKeyCertificate'],
  queueSobject: ['sobjectType'],
  embeddedServiceCustomComponents: ['customComponentType'],
  embeddedServiceForms: ['formType', 'displayContext'],
  embeddedServiceFormFields: ['formField'],
  embeddedServiceCustomLabels: ['customLabel', 'labelKey'],
  applicationVisibilities: ['application'],
  classAccesses: ['apexClass'],
  customMetadataTypeAccesses: ['name'],
  customPermissions: ['name'],
  fieldPermissions: ['field'],
  flowAccesses: ['flow'],
  objectPermissions: ['object'],
  pageAccesses: ['apexPage'],
  recordTypeVisibilities: ['recordType'],
  tabSettings: ['tab'],
  userPermissions: ['name'],
  values: ['field'],
  files: ['path'],
};

/** Repeated plain values that form a set. */
const VALUE_SETS: ReadonlySet<string> = new Set(['keyword']);

/** Elements whose text is a delimited list of values. The order of the values is irrelevant. */
const DELIMITED_SETS: ReadonlySet<string> = new Set(['allowedFileTypes']);

/** Elements that Salesforce documents as false if they are absent (Metadata API guide, PublicKeyCertificate and MessagingChannel). */
const FALSE_BY_DEFAULT: ReadonlySet<string> = new Set(['isActive', 'enabled']);

/** Elements that are compared and printed byte for byte. A trailing space makes another issuer (Metadata API guide: case-sensitive). */
const BYTE_EXACT: ReadonlySet<string> = new Set(['jwtIssuer', 'jwksEndPoint', 'authIdentifier']);

/**
 * Lists that are declared as a whole: an item that source omits is removed. A deploy replaces all files of a bundle and all
 * sections of a layout (Metadata API guide, LightningComponentBundle and Layout).
 */
const WHOLE_LISTS: ReadonlySet<string> = new Set(['files', 'layoutSections']);

export const isByteExact = (name: string): boolean => BYTE_EXACT.has(name);

/** Whether an element is an item of a list with natural keys. */
export const isKeyedList = (name: string): boolean => Object.hasOwn(NATURAL_KEYS, name);
export const isWholeList = (name: string): boolean => WHOLE_LISTS.has(name);
export const isValueSet = (name: string): boolean => VALUE_SETS.has(name);
export const isDelimitedSet = (name: string): boolean => DELIMITED_SETS.has(name);
export const isFalseByDefault = (name: string): boolean => FALSE_BY_DEFAULT.has(name);

/** The natural key of a list item as text, e.g. `Customer` or `InitialResponse,en_US`; absent parts are empty. */
export function naturalKey(item: Element): string {
  const names = isKeyedList(item.name) ? (NATURAL_KEYS[item.name] ?? []) : [];
  const parts = names.map((name) => textAt(item, name) ?? '');
  return parts.length > 1 && parts.slice(1).every((part) => part === '') ? (parts[0] ?? '') : parts.join(',');
}

/** The values of a delimited list, sorted and without duplicates. Commas, semicolons, and whitespace are delimiters. */
export const splitDelimitedSet = (text: string): readonly string[] =>
  [...new Set(text.split(/[\s,;]+/).filter((value) => value !== ''))].sort();
