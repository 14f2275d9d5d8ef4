import { joinNames, npmRun, parseKey, type Check } from '../model';
import { signerProblems } from '../rules';
import { failed, passed, toCheck } from './check';
import type { OrgUnderTest } from './context';

/**
 * Checks that Apex signs tokens that the org accepts, with the code of source: its signer record, certificate, and keyset agree.
 * Empty without a member site.
 */
export function signerChecks({ desired: { org }, live, changes }: OrgUnderTest): readonly Check[] {
  const { memberSite, orgId, alias } = org;
  if (!memberSite) return [];
  const { components, signerRecords: records = [], signerCertificate: certificate } = live;
  const problems = signerProblems({ orgId, memberSite, records, components, certificate });
  const fix = `Fix: ${npmRun('deploy', '--org', alias)}`;
  const result =
    problems.length === 0
      ? passed(`signs as the key ${memberSite.key}`)
      : failed(`${problems.join(' ')} Tokens of site members can be rejected. ${fix}`);
  const changed = changedCode(changes);
  const codeResult =
    changed.length === 0
      ? passed('the code that signs tokens and sends them is as in source')
      : failed(
          `${joinNames(changed)} ${changed.length === 1 ? 'differs' : 'differ'} from source, so the org can sign tokens for any customer, or send them elsewhere. ${fix}`,
        );
  return [
    toCheck('configuration', '', 'signer record', result),
    toCheck('configuration', '', 'signer code', codeResult),
  ];
}

/** The types that decide for whom Apex signs a token, and where the token is sent. */
const SIGNING_TYPES: readonly string[] = ['ApexClass', 'CustomMetadata', 'LightningComponentBundle', 'StaticResource'];

/** A person who changes this code in the org can get tokens for any customer. */
const changedCode = (changes: OrgUnderTest['changes']): readonly string[] =>
  [...new Set(changes.map(({ component }) => component))].filter((key) => SIGNING_TYPES.includes(parseKey(key).type));
