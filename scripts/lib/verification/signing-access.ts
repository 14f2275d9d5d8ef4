import {
  acceptsSigner,
  joinNames,
  pluralize,
  signerFingerprint,
  undeclaredSigners,
  type Check,
  type OrgSigner,
  type SigningAccess,
} from '../model';
import type { SigningReading } from '../org';
import { failed, inconclusive, passed, toCheck, type CheckResult } from './check';
import type { OrgUnderTest } from './context';

/**
 * Checks that only declared code can sign with the certificates of the org whose keys the org trusts. Empty for an org without such
 * a certificate.
 */
export function signingAccessChecks(org: Pick<OrgUnderTest, 'desired'>, signing: SigningReading): readonly Check[] {
  if ('problem' in signing)
    return [
      toSigningCheck(inconclusive(`It can't be read what signs with the certificates of the org. ${signing.problem}`)),
    ];
  return signing.certificates.length === 0 ? [] : [toSigningCheck(signingResult(org, signing))];
}

const toSigningCheck = (result: CheckResult): Check => toCheck('configuration', '', 'other signers', result);

function signingResult({ desired }: Pick<OrgUnderTest, 'desired'>, signing: SigningAccess): CheckResult {
  const { org } = desired;
  const certificates = `certificate${signing.certificates.length === 1 ? '' : 's'} ${joinNames(signing.certificates)}`;
  const undeclared = undeclaredSigners(desired, signing);
  if (undeclared.length > 0)
    return failed(
      `${joinNames(undeclared.map(({ component }) => component))} can sign tokens for any customer with the ${certificates}, and the org accepts them. Source doesn't declare ${undeclared.length === 1 ? 'it' : 'them'}. Fix: delete ${undeclared.length === 1 ? 'it' : 'them'} in the org. To accept a signer, add it to "alsoTrusted" in ${org.file}: ${undeclared.map(entryText).join(', ')}.`,
    );
  const unread = signing.packages.filter((each) => !acceptsSigner(org, each));
  if (unread.length > 0)
    return inconclusive(
      `The Apex of ${joinNames(unread.map(({ component }) => component))} can't be read, so it's unknown whether it signs with the ${certificates}. To accept it, add it to "alsoTrusted" in ${org.file}: ${unread.map(entryText).join(', ')}.`,
    );
  const apex = signing.signers.filter(({ component }) => component.startsWith('Apex'));
  return passed(`only declared code signs with the ${certificates} (${pluralize(apex.length, 'Apex component')} read)`);
}

const entryText = ({ component, text }: OrgSigner): string =>
  `{ "component": "${component}", "keys": ["${signerFingerprint(text)}"], "reason": "..." }`;
