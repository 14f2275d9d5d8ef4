import { keyFactsOf } from '../jwk';
import {
  isActiveKey,
  isEndpointKeyset,
  issuerOf,
  keyNamesOf,
  settingsFor,
  settingText,
  settingValue,
  SIGNER_ACCESS,
  trustedKeysets,
  type Component,
  type DesiredState,
  type SignerSetting,
  npmRun,
} from '../model';
import { locationOf, type SourceLocation } from './location';
import { error, violation, defineRules, type Violation } from './rule';
import { HELP_SETUP, META_KEYSET, PROJECT_SAFETY } from './sources';

export const SIGNER_RULES = defineRules({
  'signer-setting-missing': error('An org that signs tokens in Apex has a setting record.', PROJECT_SAFETY),
  'duplicate-signer-setting': error('One setting record names an org.', PROJECT_SAFETY),
  'signer-issuer': error(
    'The Apex signer uses the issuer of a keyset that a channel of the org trusts.',
    `${HELP_SETUP}; ${META_KEYSET}`,
  ),
  'signer-key': error('The Apex signer uses an active key of that keyset.', HELP_SETUP),
  'signer-algorithm': error('The Apex signer uses the algorithm of that key.', HELP_SETUP),
});

/** A setting record of the Apex signer, and the keysets that the org trusts. */
interface SignerContext {
  readonly desired: DesiredState;
  readonly setting: SignerSetting;
  /** The keysets that channels of the org verify tokens with. */
  readonly keysets: readonly Component[];
  readonly now: Date;
}

/**
 * Checks an org that signs tokens in Apex: issuer, kid, and algorithm of the signer must match a trusted keyset, or
 * Salesforce rejects every token. Keys of a JWKS endpoint aren't known here, so they aren't checked.
 */
export function checkSigner(
  desired: DesiredState,
  settings: readonly SignerSetting[],
  now: Date,
): readonly Violation[] {
  if (!desired.components.has(SIGNER_ACCESS)) return [];
  const [setting, ...others] = settingsFor(settings, desired.org.orgId);
  if (!setting) return missingSetting(desired);
  if (others.length > 0) return others.map((other) => duplicateSetting(other, setting));
  const context = { desired, setting, keysets: trustedKeysets(desired.components), now };
  const matching = context.keysets.filter((keyset) => issuerOf(keyset) === settingText(setting, 'Issuer__c'));
  return matching.length === 0 ? issuerViolations(context) : checkSigningKey(context, matching);
}

function missingSetting({ components }: DesiredState): readonly Violation[] {
  const access = components.get(SIGNER_ACCESS);
  const location = access ? locationOf(access) : { component: SIGNER_ACCESS, path: '' };
  const message =
    'This org signs tokens in Apex, but no Customer_Identity_Setting record names it and there is no Default record.';
  const fix =
    'Add a record whose Org_Id__c is the ID of the org, or remove the permission set from "include" in the org file.';
  return [violation(SIGNER_RULES['signer-setting-missing'], location, message, fix)];
}

const duplicateSetting = (setting: SignerSetting, original: SignerSetting): Violation =>
  violation(
    SIGNER_RULES['duplicate-signer-setting'],
    settingLocation(setting, 'Org_Id__c'),
    `The record ${original.name} applies to the same org. It isn't defined which of the two the org uses.`,
    'Keep one of them.',
  );

function issuerViolations({ setting, keysets }: SignerContext): readonly Violation[] {
  const trusted = keysets.map((keyset) => `"${issuerOf(keyset) ?? ''}"`).join(' or ') || 'no issuer';
  const message = `The Apex signer uses the issuer ${quoteSetting(setting, 'Issuer__c')}, but the channels of the org trust ${trusted}. Every token is rejected.`;
  return [
    signerViolation(
      'signer-issuer',
      setting,
      'Issuer__c',
      message,
      `Set Issuer__c to the jwtIssuer of a trusted keyset. ${SEPARATE_RECORD_HINT}`,
    ),
  ];
}

const SEPARATE_RECORD_HINT = 'If other orgs need other values, add a record for each org with its ID in Org_Id__c.';

function checkSigningKey(
  { desired, setting, now }: SignerContext,
  keysets: readonly Component[],
): readonly Violation[] {
  if (keysets.some(isEndpointKeyset)) return [];
  const names = keysets.flatMap(keyNamesOf).filter((name) => isActiveKey(desired.components, name));
  const keyFacts = names.map((name) => keyFactsOf(desired.components.get(`PublicKeyCertificate:${name}`), now));
  const signingKey = keyFacts.find((key) => key?.kid !== undefined && key.kid === settingText(setting, 'Key_Id__c'));
  if (!signingKey)
    return [
      keyViolation(
        setting,
        keyFacts.flatMap((key) => key?.kid ?? []),
      ),
    ];
  if (signingKey.alg === settingText(setting, 'Algorithm__c')) return [];
  const message = `The Apex signer uses the algorithm ${quoteSetting(setting, 'Algorithm__c')}, but its key declares ${signingKey.alg}. Every token is rejected.`;
  return [
    signerViolation('signer-algorithm', setting, 'Algorithm__c', message, 'Set Algorithm__c to the alg of the key.'),
  ];
}

function keyViolation(setting: SignerSetting, kids: readonly string[]): Violation {
  const activeKids = kids.map((kid) => `"${kid}"`).join(', ') || 'none';
  const message = `The Apex signer uses the key ${quoteSetting(setting, 'Key_Id__c')}, but the active keys of its keyset are: ${activeKids}. Every token is rejected.`;
  const certificate = settingText(setting, 'Certificate__c') ?? '<certificate>';
  const fix = `Import the certificate of the org: ${npmRun('keys', 'import', 'NAME', '--org', 'ORG', '--setup-certificate', certificate)}. ${SEPARATE_RECORD_HINT}`;
  return signerViolation('signer-key', setting, 'Key_Id__c', message, fix);
}

const quoteSetting = (setting: SignerSetting, field: string): string => {
  const text = settingText(setting, field);
  return text === undefined ? '(nothing)' : `"${text}"`;
};

const signerViolation = (
  rule: keyof typeof SIGNER_RULES,
  setting: SignerSetting,
  field: string,
  message: string,
  fix: string,
): Violation => violation(SIGNER_RULES[rule], settingLocation(setting, field), message, fix);

function settingLocation(setting: SignerSetting, field: string): SourceLocation {
  const element = settingValue(setting, field);
  const component = `CustomMetadata:Customer_Identity_Setting.${setting.name}`;
  return { component, path: field, element, origin: element?.origin ?? setting.root.origin };
}
