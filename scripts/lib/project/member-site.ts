import { nearestOrigin } from './org-defaults';
import { keyFactsOf } from '../jwk';
import { closestMatch } from '../metadata';
import {
  isActiveKey,
  issuerOf,
  joinNames,
  keyNamesOf,
  npmRun,
  parseKey,
  SIGNER_RECORD,
  trustedKeysets,
  withRecordValues,
  type Component,
  type ComponentMap,
  type Finding,
  type MemberSite,
  type OrgConfig,
  type UndeployedComponents,
} from '../model';

/** The package directory of the member site, at any depth: `member-site` or `packages/member-site`. */
export const MEMBER_SITE_PACKAGE = 'member-site';

/** The member site of an org, and findings about its entry in the org file. */
export interface MemberSiteResult {
  readonly components: readonly Component[];
  readonly findings: readonly Finding[];
}

/**
 * The components of the member site for one org. The signer record gets the ID of the org, its certificate, and the issuer, kid,
 * and algorithm of the keyset and key that the same plan deploys, so that both halves agree. `components` are the other
 * components of the desired state.
 */
export function composeMemberSite(source: ComponentMap, org: OrgConfig, components: ComponentMap): MemberSiteResult {
  const { memberSite } = org;
  if (!memberSite) return { components: [], findings: [] };
  const record = source.get(SIGNER_RECORD);
  if (!record) return { components: [], findings: [noPackageFinding(org)] };
  const values = signerValues(memberSite, components);
  if (typeof values === 'string')
    return { components: [], findings: [signerKeyFinding(org, memberSite, values, components)] };
  const own = { Org_Id__c: org.orgId, Certificate__c: memberSite.certificate, ...values };
  const subject = memberSite.subjectField === undefined ? {} : { Subject_Field__c: memberSite.subjectField };
  const composed = withRecordValues(record, { ...own, ...subject });
  const others = [...source.values()].filter((component) => component !== record);
  return { components: [...others, composed], findings: [] };
}

/** The values of the signer record that come from a key and its keyset, or the reason why the key can't be used. */
function signerValues({ key }: MemberSite, components: ComponentMap): Readonly<Record<string, string>> | string {
  const keysets = trustedKeysets(components);
  const keyset = keysets.find((each) => keyNamesOf(each).includes(key));
  const facts = keyFactsOf(components.get(`PublicKeyCertificate:${key}`));
  const issuer = issuerOf(keyset);
  if (!keyset) return notListedReason(key, keysets);
  if (!isActiveKey(components, key)) return `${key} isn't active`;
  if (facts?.kid === undefined) return `the JWK of ${key} has no kid`;
  if (issuer === undefined) return `the keyset ${keyset.fullName} has no issuer`;
  return { Issuer__c: issuer, Key_Id__c: facts.kid, Algorithm__c: facts.alg ?? 'RS256' };
}

function notListedReason(key: string, keysets: readonly Component[]): string {
  const names = keysets.map(({ fullName }) => fullName);
  return names.length === 0
    ? 'no channel of the org verifies tokens with a keyset'
    : `${key} isn't in ${names.length === 1 ? 'the keyset' : 'one of the keysets'} ${joinNames(names, 'or')}`;
}

const noPackageFinding = (org: OrgConfig): Finding =>
  memberSiteFinding(org, 'memberSite', {
    rule: 'member-site-missing',
    message: `The project doesn't contain ${SIGNER_RECORD}, so the member site can't be deployed.`,
    fix: `Add { "path": "${MEMBER_SITE_PACKAGE}" } to packageDirectories in sfdx-project.json, or remove "memberSite" from the org file.`,
  });

function signerKeyFinding(
  org: OrgConfig,
  { key, certificate }: MemberSite,
  reason: string,
  components: ComponentMap,
): Finding {
  const listed = trustedKeysets(components).flatMap(keyNamesOf);
  const similar = listed.includes(key) ? undefined : closestMatch(key, listed);
  const question = similar === undefined ? '' : `Did you mean "${similar}"? Otherwise: `;
  return memberSiteFinding(org, 'memberSite.key', {
    rule: 'signer-key',
    message: `Apex would sign tokens for site members with the key ${key}, but ${reason}. Salesforce would reject every token.`,
    fix: `${question}Add the key to "publicKeyCertificateSetKeys" of the keyset of the org. If source has no key of the certificate ${certificate}, import it with a new name: ${npmRun('keys', 'import', 'NEW_NAME', '--org', org.alias, '--setup-certificate', certificate)}`,
  });
}

/**
 * The LWR sites in the project, if the org has a member site: Salesforce supports token-based user verification on Aura sites only
 * (Help, user verification setup). Metadata of an Aura site doesn't contain its template; plan reads it from the org.
 */
export function lwrSiteFindings(org: OrgConfig, undeployed: UndeployedComponents): readonly Finding[] {
  const sites = [...undeployed].filter(([key]) => parseKey(key).type === 'DigitalExperienceConfig');
  if (!org.memberSite || sites.length === 0) return [];
  const names = joinNames(sites.map(([key, { file }]) => `${parseKey(key).fullName} (${file})`));
  const texts = {
    rule: 'member-site-template',
    message: `The project contains LWR sites: ${names}. Members can't be verified there: Salesforce supports token-based user verification only on sites with the Aura templates Build Your Own, Help Center, and Customer Service.`,
    fix: 'Add the component to a site with one of these templates.',
  };
  return [{ ...memberSiteFinding(org, 'memberSite', texts), component: '', severity: 'note' }];
}

function memberSiteFinding(org: OrgConfig, path: string, texts: Pick<Finding, 'rule' | 'message' | 'fix'>): Finding {
  const origin = nearestOrigin(org.origins, path, org.file);
  return { ...texts, severity: 'error', component: SIGNER_RECORD, path, ...origin };
}
