import {
  isTrueAt,
  settingsFor,
  settingText,
  settingValue,
  SIGNER_ACCESS,
  textAt,
  trustedKeysets,
  type Component,
  type Desired,
  type SignerSetting,
} from '../model';
import { keyFactsOf } from './key';
import { below, itemsBelow, placeOf, textOf, type Place } from './place';
import { error, flaw, rules, type Flaw } from './rule';
import { HELP_SETUP, META_KEYSET, OWN } from './sources';

export const SIGNER_RULES = rules({
  'signer-setting-missing': error('An org that mints tokens in Apex has a record that says how.', OWN),
  'signer-setting-twice': error('An org is named by one record only.', OWN),
  'signer-issuer': error(
    'The issuer of the Apex signer is that of a keyset which a channel of the org trusts.',
    `${HELP_SETUP}; ${META_KEYSET}`,
  ),
  'signer-key': error('The Apex signer names an active key of that keyset.', HELP_SETUP),
  'signer-algorithm': error('The Apex signer uses the algorithm of that key.', HELP_SETUP),
});

/** A record of the signer and what the org trusts. */
interface Joint {
  readonly desired: Desired;
  readonly setting: SignerSetting;
  /** The keysets that an active configuration of a verified channel names. */
  readonly keysets: readonly Component[];
  readonly now: Date;
}

/**
 * Joins the two halves in an org that mints its tokens in Apex: what the signer writes into a token has to be what the
 * keyset of a channel asks for, or every member is refused. Keys that an endpoint serves cannot be seen from here.
 */
export function checkSigner(desired: Desired, settings: readonly SignerSetting[], now: Date): readonly Flaw[] {
  if (!desired.components.has(SIGNER_ACCESS)) return [];
  const [setting, ...others] = settingsFor(settings, desired.org.orgId);
  if (!setting) return missing(desired);
  if (others.length > 0) return others.map((other) => twice(other, setting));
  const joint = { desired, setting, keysets: trustedKeysets(desired.components), now };
  const matching = joint.keysets.filter(({ root }) => textAt(root, 'jwtIssuer') === settingText(setting, 'Issuer__c'));
  return matching.length === 0 ? wrongIssuer(joint) : keyFlaws(joint, matching);
}

function missing({ components }: Desired): readonly Flaw[] {
  const access = components.get(SIGNER_ACCESS);
  const place = access ? placeOf(access) : { component: SIGNER_ACCESS, path: '' };
  const message =
    'Members may mint tokens in this org, but no record of Customer_Identity_Setting names the org, and there is no record Default for all.';
  const fix = 'Add a record whose Org_Id__c is the id of the org, or leave the permission set out of "include".';
  return [flaw(SIGNER_RULES['signer-setting-missing'], place, message, fix)];
}

const twice = (setting: SignerSetting, first: SignerSetting): Flaw =>
  flaw(
    SIGNER_RULES['signer-setting-twice'],
    placeIn(setting, 'Org_Id__c'),
    `The record ${first.name} names the same org: which of the two it uses, nobody can tell.`,
    'Keep one of them.',
  );

function wrongIssuer({ setting, keysets }: Joint): readonly Flaw[] {
  const trusted = keysets.map(({ root }) => `"${textAt(root, 'jwtIssuer') ?? ''}"`).join(' or ') || 'nobody';
  const message = `The Apex signer says that its issuer is ${quoted(setting, 'Issuer__c')}, but the channels of the org trust ${trusted}: every member is refused.`;
  return [wrong('signer-issuer', setting, 'Issuer__c', message, `Make it the jwtIssuer of the keyset. ${OF_ITS_OWN}`)];
}

/** An org whose settings differ from the others' gets a record of its own. */
const OF_ITS_OWN = 'An org that differs from the others gets a record of its own, with its id in Org_Id__c.';

function keyFlaws({ desired, setting, now }: Joint, keysets: readonly Component[]): readonly Flaw[] {
  if (keysets.some(({ root }) => textAt(root, 'type') === 'JWKS_URL')) return [];
  const keys = keysets.flatMap((keyset) => keysIn(keyset, desired)).filter(({ root }) => isTrueAt(root, 'isActive'));
  const facts = keys.map((key) => keyFactsOf(key, now));
  const named = facts.find((key) => key?.kid !== undefined && key.kid === settingText(setting, 'Key_Id__c'));
  if (!named)
    return [
      wrongKey(
        setting,
        facts.flatMap((key) => key?.kid ?? []),
      ),
    ];
  if (named.alg === settingText(setting, 'Algorithm__c')) return [];
  const message = `The Apex signer signs with ${quoted(setting, 'Algorithm__c')}, but its key is for ${named.alg}: every member is refused.`;
  return [wrong('signer-algorithm', setting, 'Algorithm__c', message, 'Make it the alg of the key.')];
}

const keysIn = (keyset: Component, { components }: Desired): readonly Component[] =>
  itemsBelow(placeOf(keyset), 'publicKeyCertificateSetKeys').flatMap(
    (item) => components.get(`PublicKeyCertificate:${textOf(below(item, 'publicKeyCertificate')) ?? ''}`) ?? [],
  );

function wrongKey(setting: SignerSetting, kids: readonly string[]): Flaw {
  const active = kids.map((kid) => `"${kid}"`).join(', ') || 'none';
  const message = `The Apex signer names the key ${quoted(setting, 'Key_Id__c')}, but the active keys of its keyset are: ${active}. Every member is refused.`;
  const certificate = settingText(setting, 'Certificate__c') ?? 'CERTIFICATE';
  const fix = `Take the certificate of the org in: npm run keys -- import NAME --org ALIAS --setup-certificate ${certificate}. ${OF_ITS_OWN}`;
  return wrong('signer-key', setting, 'Key_Id__c', message, fix);
}

const quoted = (setting: SignerSetting, field: string): string => {
  const text = settingText(setting, field);
  return text === undefined ? '(nothing)' : `"${text}"`;
};

const wrong = (
  rule: keyof typeof SIGNER_RULES,
  setting: SignerSetting,
  field: string,
  message: string,
  fix: string,
): Flaw => flaw(SIGNER_RULES[rule], placeIn(setting, field), message, fix);

function placeIn(setting: SignerSetting, field: string): Place {
  const element = settingValue(setting, field);
  const component = `CustomMetadata:Customer_Identity_Setting.${setting.name}`;
  return { component, path: field, element, origin: element?.origin ?? setting.root.origin };
}
