import { childrenOf, elementAt, textAt, type Element } from './element';

/**
 * How an org signs that mints its tokens in Apex: a record of the custom metadata type Customer_Identity_Setting. Records
 * are deployed with the Apex classes, all of them to every org; each org uses the one that names it.
 */
export interface SignerSetting {
  readonly name: string;
  readonly root: Element;
}

/** Gives access to the Apex that mints tokens: an org that gets it is an org that signs. */
export const SIGNER_ACCESS = 'PermissionSet:Customer_Identity_Token';

/** The record without an org of its own to name. */
const DEFAULT_RECORD = 'Default';

/** The value element of a field, e.g. `Issuer__c`. */
export const settingValue = ({ root }: SignerSetting, field: string): Element | undefined =>
  childrenOf(root, 'values')
    .filter((values) => textAt(values, 'field') === field)
    .map((values) => elementAt(values, 'value'))[0];

/** The value of a field, trimmed; undefined where nothing is stated. */
export function settingText(setting: SignerSetting, field: string): string | undefined {
  const text = settingValue(setting, field)?.text.trim();
  return text === '' ? undefined : text;
}

/** The records that an org would use, by the rule of the class CustomerIdentitySetting: those that name it, else Default. */
export function settingsFor(settings: readonly SignerSetting[], orgId: string): readonly SignerSetting[] {
  const ownSettings = settings.filter((each) => settingText(each, 'Org_Id__c')?.slice(0, 15) === orgId.slice(0, 15));
  if (ownSettings.length > 0) return ownSettings;
  return settings.filter((each) => each.name === DEFAULT_RECORD && settingText(each, 'Org_Id__c') === undefined);
}
