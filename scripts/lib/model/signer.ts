import type { DesiredState } from './org';
import type { UndeclaredTrust } from './trust-grants';
import { componentsOf, keyOf, type Component, type ComponentKey, type ComponentMap } from './component';
import { childrenOf, elementAt, textAt, type Element } from './element';

/**
 * The record of the custom metadata type Customer_Identity_Setting that each org receives with its own values. The class
 * CustomerIdentitySetting uses the record with the ID of its org, or the record Default without an ID.
 */
export const SIGNER_RECORD = 'CustomMetadata:Customer_Identity_Setting.Default' satisfies ComponentKey;

/** The custom metadata type of the signer record, as SOQL names it. */
export const SIGNER_RECORD_TYPE = 'Customer_Identity_Setting__mdt';

/** The fields of a signer record that decide whether Salesforce accepts its tokens. */
export const SIGNER_FIELDS = ['Org_Id__c', 'Issuer__c', 'Key_Id__c', 'Algorithm__c', 'Certificate__c'] as const;

/** A signer record of an org: its developer name and its values, without blank ones. */
export interface SignerRecord {
  readonly name: string;
  readonly values: Readonly<Partial<Record<(typeof SIGNER_FIELDS)[number], string>>>;
}

/** A signer record of a plan as the org has it after a deploy. */
export const signerRecordOf = (record: Component): SignerRecord => ({
  name: record.fullName.slice(record.fullName.indexOf('.') + 1),
  values: Object.fromEntries(SIGNER_FIELDS.map((field) => [field, recordText(record, field)])),
});

/** Whether Apex can use a record in an org, by the rule of the class CustomerIdentitySetting. */
export const namesOrg = ({ values }: SignerRecord, orgId: string): boolean =>
  values.Org_Id__c?.trim().slice(0, 15) === orgId.slice(0, 15);

const RECORD_PREFIX = 'CustomMetadata:Customer_Identity_Setting.';

/** Whether a component is a signer record. Salesforce ignores case in names. */
export const isSignerRecord = (key: ComponentKey): boolean => key.toLowerCase().startsWith(RECORD_PREFIX.toLowerCase());

/** The signer records with the ID of the org that source doesn't declare. Apex can read one of them before the declared record. */
export const undeclaredSignerRecords = (
  desired: Pick<DesiredState, 'org' | 'components'>,
  records: readonly SignerRecord[],
): readonly ComponentKey[] =>
  records.flatMap((record) => {
    const key: ComponentKey = `${RECORD_PREFIX}${record.name}`;
    return isUndeclared(desired, key, record) ? [key] : [];
  });

/** The undeclared signer records among the components of an org. */
export const signerRecordsIn = (
  desired: Pick<DesiredState, 'org' | 'components'>,
  live: ComponentMap,
): readonly ComponentKey[] =>
  componentsOf(live, 'CustomMetadata')
    .filter((each) => isSignerRecord(keyOf(each)) && isUndeclared(desired, keyOf(each), signerRecordOf(each)))
    .map(keyOf);

const isUndeclared = (
  { org, components }: Pick<DesiredState, 'org' | 'components'>,
  key: ComponentKey,
  record: SignerRecord,
): boolean => org.memberSite !== undefined && namesOrg(record, org.orgId) && !components.has(key);

/** What an undeclared signer record means. */
export const signerRecordTrust = (component: ComponentKey): UndeclaredTrust => ({
  component,
  channels: [],
  consequence: `The signer record ${component.slice(RECORD_PREFIX.length)} also has the ID of this org. If Apex reads it first, it decides with which certificate, for which issuer, and from which user field a site member gets a token.`,
});

/** The value element of a field of a custom metadata record, e.g. of `Issuer__c`. */
const recordValue = ({ root }: Component, field: string): Element | undefined =>
  childrenOf(root, 'values')
    .filter((values) => textAt(values, 'field') === field)
    .map((values) => elementAt(values, 'value'))[0];

/** The value of a field of a custom metadata record; undefined if it's empty or absent. */
export function recordText(record: Component, field: string): string | undefined {
  const text = recordValue(record, field)?.text;
  return text === undefined || text.trim() === '' ? undefined : text;
}

/** The record with other values in some of its fields. */
export function withRecordValues(record: Component, values: Readonly<Record<string, string>>): Component {
  const others = record.root.children.filter(
    (child) => child.name !== 'values' || !Object.hasOwn(values, textAt(child, 'field') ?? ''),
  );
  const items = Object.entries(values).map(([field, value]) => valuesElement(field, value));
  return { ...record, root: { ...record.root, attributes: RECORD_NAMESPACES, children: [...others, ...items] } };
}

/** The namespaces of a record as Salesforce writes them. `xsi:type` gives the type of a value. */
const RECORD_NAMESPACES = {
  xmlns: 'http://soap.sforce.com/2006/04/metadata',
  'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
  'xmlns:xsd': 'http://www.w3.org/2001/XMLSchema',
};

const valuesElement = (field: string, value: string): Element => ({
  name: 'values',
  attributes: {},
  text: '',
  children: [
    { name: 'field', attributes: {}, text: field, children: [] },
    { name: 'value', attributes: { 'xsi:type': 'xsd:string' }, text: value, children: [] },
  ],
});

/** The names of the Apex classes with test methods among some components. */
export const testClassesOf = (components: ComponentMap): readonly string[] =>
  componentsOf(components, 'ApexClass')
    .filter((apexClass) => hasTests(textAt(apexClass.root, 'files.content') ?? ''))
    .map(({ fullName }) => fullName);

const TEST_ANNOTATION = /@IsTest\b/i;

/** Whether a class and something in it has the annotation IsTest. A test class without it in its body has only test data. */
function hasTests(text: string): boolean {
  const code = text.replace(/\/\*[^]*?\*\/|\/\/.*$/gm, '');
  const body = code.indexOf('{');
  return TEST_ANNOTATION.test(code.slice(0, body)) && TEST_ANNOTATION.test(code.slice(body));
}
