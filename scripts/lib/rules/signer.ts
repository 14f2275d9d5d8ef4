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
} from '../model';
import { locationOf, type SourceLocation } from './location';
import { error, violation, defineRules, type Violation } from './rule';
import { HELP_SETUP, META_KEYSET, PROJECT_SAFETY } from './sources';

export const SIGNER_RULES = defineRules({
  'signer-setting-missing': error('An org that mints tokens in Apex has a record that says how.', PROJECT_SAFETY),
  'duplicate-signer-setting': error('An org is named by one record only.', PROJECT_SAFETY),
  'signer-issuer': error(
    'The issuer of the Apex signer is that of a keyset which a channel of the org trusts.',
    `${HELP_SETUP}; ${META_KEYSET}`,
  ),
  'signer-key': error('The Apex signer names an active key of that keyset.', HELP_SETUP),
  'signer-algorithm': error('The Apex signer uses the algorithm of that key.', HELP_SETUP),
});

/** A record of the signer and what the org trusts. */
interface SignerContext {
  readonly desired: DesiredState;
  readonly setting: SignerSetting;
  /** The keysets that an active configuration of a verified channel names. */
  readonly keysets: readonly Component[];
  readonly now: Date;
}

/**
 * Joins the two halves in an org that mints its tokens in Apex: what the signer writes into a token has to be what the
 * keyset of a channel asks for, or every member is refused. Keys that an endpoint serves cannot be seen from here.
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
    'Members may mint tokens in this org, but no record of Customer_Identity_Setting names the org, and there is no record Default for all.';
  const fix = 'Add a record whose Org_Id__c is the id of the org, or leave the permission set out of "include".';
  return [violation(SIGNER_RULES['signer-setting-missing'], location, message, fix)];
}

const duplicateSetting = (setting: SignerSetting, original: SignerSetting): Violation =>
  violation(
    SIGNER_RULES['duplicate-signer-setting'],
    settingLocation(setting, 'Org_Id__c'),
    `The record ${original.name} names the same org: which of the two it uses, nobody can tell.`,
    'Keep one of them.',
  );

function issuerViolations({ setting, keysets }: SignerContext): readonly Violation[] {
  const trusted = keysets.map((keyset) => `"${issuerOf(keyset) ?? ''}"`).join(' or ') || 'nobody';
  const message = `The Apex signer says that its issuer is ${quoteSetting(setting, 'Issuer__c')}, but the channels of the org trust ${trusted}: every member is refused.`;
  return [
    signerViolation(
      'signer-issuer',
      setting,
      'Issuer__c',
      message,
      `Make it the jwtIssuer of the keyset. ${SEPARATE_RECORD_HINT}`,
    ),
  ];
}

/** An org whose settings differ from the others' gets a record of its own. */
const SEPARATE_RECORD_HINT = 'An org that differs from the others gets a record of its own, with its id in Org_Id__c.';

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
  const message = `The Apex signer signs with ${quoteSetting(setting, 'Algorithm__c')}, but its key is for ${signingKey.alg}: every member is refused.`;
  return [signerViolation('signer-algorithm', setting, 'Algorithm__c', message, 'Make it the alg of the key.')];
}

function keyViolation(setting: SignerSetting, kids: readonly string[]): Violation {
  const activeKids = kids.map((kid) => `"${kid}"`).join(', ') || 'none';
  const message = `The Apex signer names the key ${quoteSetting(setting, 'Key_Id__c')}, but the active keys of its keyset are: ${activeKids}. Every member is refused.`;
  const certificate = settingText(setting, 'Certificate__c') ?? 'CERTIFICATE';
  const fix = `Take the certificate of the org in: npm run keys -- import NAME --org ALIAS --setup-certificate ${certificate}. ${SEPARATE_RECORD_HINT}`;
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
