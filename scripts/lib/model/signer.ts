import { childrenOf, elementAt, textAt, type Element } from './element';

/**
 * The setting of an Apex signer: a record of the custom metadata type Customer_Identity_Setting. All records are deployed to
 * every org with the Apex classes. Each org uses the record with its org ID.
 */
export interface SignerSetting {
  readonly name: string;
  readonly root: Element;
}

/** The permission set for the Apex signer. An org that receives it signs identity tokens. */
export const SIGNER_ACCESS = 'PermissionSet:Customer_Identity_Token';

/** The record for orgs without a record of their own. */
const DEFAULT_RECORD = 'Default';

/** The value element of a field, e.g. `Issuer__c`. */
export const settingValue = ({ root }: SignerSetting, field: string): Element | undefined =>
  childrenOf(root, 'values')
    .filter((values) => textAt(values, 'field') === field)
    .map((values) => elementAt(values, 'value'))[0];

/** The value of a field, trimmed; undefined if it is empty or absent. */
export function settingText(setting: SignerSetting, field: string): string | undefined {
  const text = settingValue(setting, field)?.text.trim();
  return text === '' ? undefined : text;
}

/** The records for an org, by the rule of the class CustomerIdentitySetting: those with its org ID, or else Default. */
export function settingsFor(settings: readonly SignerSetting[], orgId: string): readonly SignerSetting[] {
  const ownSettings = settings.filter((each) => settingText(each, 'Org_Id__c')?.slice(0, 15) === orgId.slice(0, 15));
  if (ownSettings.length > 0) return ownSettings;
  return settings.filter((each) => each.name === DEFAULT_RECORD && settingText(each, 'Org_Id__c') === undefined);
}
