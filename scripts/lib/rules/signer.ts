import { keyFactsOf, signsForKey } from '../jwk';
import {
  isActiveKey,
  isEndpointKeyset,
  issuerOf,
  joinNames,
  keyNamesOf,
  namesOrg,
  trustedKeysets,
  type Component,
  type ComponentMap,
  type MemberSite,
  type SignerRecord,
} from '../model';

/** The facts that decide how Apex signs the tokens of site members in an org, and which tokens the org accepts. */
export interface SignerState {
  readonly orgId: string;
  readonly memberSite: MemberSite;
  /** All signer records of the org. */
  readonly records: readonly SignerRecord[];
  readonly components: ComponentMap;
  /** The certificate of the member site as PEM, if the org has it. */
  readonly certificate?: string | undefined;
}

/**
 * Why Salesforce would reject the tokens that Apex signs in an org, as sentences; empty if the signer record agrees with a keyset
 * that a channel trusts. Keys of a JWKS endpoint aren't known here, so only the issuer is compared for them.
 */
export function signerProblems(state: SignerState): readonly string[] {
  const [record, ...others] = recordsFor(state);
  if (!record) return ['The org has no signer record for its ID, so Apex signs no token.'];
  if (others.length > 0) {
    const names = joinNames([record, ...others].map(({ name }) => name));
    return [`The signer records ${names} all name this org. Salesforce doesn't document which one Apex reads first.`];
  }
  const keysets = trustedKeysets(state.components);
  const matching = keysets.filter((keyset) => issuerOf(keyset) === record.values.Issuer__c);
  if (matching.length === 0) return [issuerProblem(record, keysets)];
  return [
    ...(matching.some(isEndpointKeyset) ? [] : keyProblems(state, record, matching)),
    ...certificateProblems(state, record),
  ];
}

/** The records for an org, by the rule of the class CustomerIdentitySetting: those with its ID, or else Default without an ID. */
function recordsFor({ records, orgId }: SignerState): readonly SignerRecord[] {
  const own = records.filter((record) => namesOrg(record, orgId));
  return own.length > 0
    ? own
    : records.filter(({ name, values }) => name === 'Default' && values.Org_Id__c === undefined);
}

function issuerProblem({ name, values }: SignerRecord, keysets: readonly Component[]): string {
  const trusted = keysets.map((keyset) => `"${issuerOf(keyset) ?? ''}"`);
  return `The signer record ${name} has the issuer "${values.Issuer__c ?? ''}", but the channels of the org trust ${joinNames(trusted, 'or') || 'no issuer'}.`;
}

function keyProblems(
  { components }: SignerState,
  { name, values }: SignerRecord,
  keysets: readonly Component[],
): readonly string[] {
  const active = keysets.flatMap(keyNamesOf).filter((key) => isActiveKey(components, key));
  const facts = active.map((key) => keyFactsOf(components.get(`PublicKeyCertificate:${key}`)));
  const signing = facts.find((key) => key?.kid !== undefined && key.kid === values.Key_Id__c);
  const kids = joinNames(
    facts.flatMap((key) => (key?.kid === undefined ? [] : [`"${key.kid}"`])),
    'or',
  );
  if (!signing)
    return [
      `The signer record ${name} has the key ID "${values.Key_Id__c ?? ''}", but the active keys of its keyset have ${kids || 'none'}.`,
    ];
  if (signing.alg === values.Algorithm__c) return [];
  return [
    `The signer record ${name} has the algorithm ${values.Algorithm__c ?? '(none)'}, but its key has ${signing.alg ?? '(none)'}.`,
  ];
}

function certificateProblems(
  { components, certificate, memberSite }: SignerState,
  { name, values }: SignerRecord,
): readonly string[] {
  if (values.Certificate__c !== memberSite.certificate)
    return [
      `The signer record ${name} has the certificate ${values.Certificate__c ?? '(none)'}, but the org file declares ${memberSite.certificate}.`,
    ];
  if (certificate === undefined) return [`The org has no certificate ${memberSite.certificate}.`];
  if (signsForKey(certificate, components.get(`PublicKeyCertificate:${memberSite.key}`))) return [];
  return [`The certificate ${memberSite.certificate} doesn't belong to the key ${memberSite.key} in the org.`];
}
