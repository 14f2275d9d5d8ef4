import { npmRun, type Check } from '../model';
import { signerProblems } from '../rules';
import { failed, passed, toCheck } from './check';
import type { OrgUnderTest } from './context';

/**
 * Checks that Apex signs tokens that the org accepts: its signer record, certificate, and keyset agree. Empty without a member
 * site.
 */
export function signerChecks({ desired: { org }, live }: OrgUnderTest): readonly Check[] {
  const { memberSite, orgId, alias } = org;
  if (!memberSite) return [];
  const { components, signerRecords: records = [], signerCertificate: certificate } = live;
  const problems = signerProblems({ orgId, memberSite, records, components, certificate });
  const fix = `Fix: ${npmRun('deploy', '--org', alias)}`;
  const result =
    problems.length === 0
      ? passed(`signs as the key ${memberSite.key}`)
      : failed(`${problems.join(' ')} Every token of a site member is rejected. ${fix}`);
  return [toCheck('configuration', '', 'signer record', result)];
}
