import { asToolError } from '../errors';
import {
  joinNames,
  TRUST_CHECK,
  type Check,
  npmRun,
  uncheckedTrust,
  unreadChannels,
  type UndeclaredTrust,
} from '../model';
import { formatUtc } from '../report';
import type { OrgUnderTest, VerifyOptions } from './context';
import { failed, inconclusive, passed, toCheck, type CheckResult } from './check';
import { signingAccessChecks } from './signing-access';

/** The checks of an org's trust, and when the trust was read last. */
export interface TrustVerdict {
  readonly checks: readonly Check[];
  readonly readTo: Date;
}

/**
 * Checks that the org trusts nothing that its desired state doesn't declare: no other key, issuer, or configuration. Reads the
 * trust again, because it can change while the tokens are sent, which takes minutes.
 */
export async function checkTrust(org: OrgUnderTest, { readTrust, now }: VerifyOptions): Promise<TrustVerdict> {
  try {
    const { undeclaredTrust, signing } = await readTrust();
    const readTo = now();
    const check = toTrustCheck(trustResult(org, undeclaredTrust, readTo));
    return { checks: [check, ...signingAccessChecks(org, signing)], readTo };
  } catch (thrown) {
    const { what, why } = asToolError(thrown);
    const result =
      org.undeclaredTrust.length > 0
        ? trustResult(org, [], org.readAt)
        : inconclusive(`The trust couldn't be read again after the tokens were sent. ${what} ${why}`);
    return { checks: [toTrustCheck(result)], readTo: org.readAt };
  }
}

const toTrustCheck = (result: CheckResult): Check => toCheck('configuration', '', TRUST_CHECK, result);

/** Trust that was there at the beginning or at the end. */
function trustResult(
  { desired, live, undeclaredTrust, readAt }: OrgUnderTest,
  atEnd: readonly UndeclaredTrust[],
  readTo: Date,
): CheckResult {
  const { org } = desired;
  const before = undeclaredTrust.map(({ consequence }) => consequence);
  const added = atEnd.map(({ consequence }) => consequence).filter((each) => !before.includes(each));
  const unchecked = uncheckedTrust(desired);
  if (before.length + added.length === 0 && unchecked.length > 0)
    return inconclusive(
      `A change of ${joinNames(unchecked)} isn't detected, because "existing" in ${org.file} declares only the name. Fix: import it into the source, or list its keys under "alsoTrusted".`,
    );
  const unread = unreadChannels(live);
  if (before.length + added.length === 0 && unread.length > 0)
    return inconclusive(
      `The metadata of the active channels ${joinNames(unread)} can't be read, so it's unknown whom they trust. Fix: check them in Setup, Messaging Settings.`,
    );
  if (before.length + added.length === 0)
    return passed(`no undeclared trust at ${formatUtc(readAt)} and at ${formatUtc(readTo)}`);
  const changed = added.length > 0 ? ['Added while the org was verified:', ...added] : [];
  return failed(
    [...before, ...changed, "Source doesn't declare this trust.", `Fix: ${npmRun('deploy', '--org', org.alias)}`].join(
      ' ',
    ),
  );
}
