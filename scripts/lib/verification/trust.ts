import { TRUST_CHECK, type Check, npmRun } from '../model';
import type { OrgUnderTest } from './context';
import { failed, passed, toCheck } from './check';

/** Checks that the org trusts nothing that its desired state doesn't declare: no other key, issuer, or configuration. */
export const trustCheck = ({ desired: { org }, undeclaredTrust }: OrgUnderTest): Check =>
  toCheck(
    'configuration',
    '',
    TRUST_CHECK,
    undeclaredTrust.length === 0
      ? passed('no undeclared trust')
      : failed(
          `${undeclaredTrust.map(({ consequence }) => consequence).join(' ')} Source doesn't declare this trust. Fix: ${npmRun('deploy', '--org', org.alias)}`,
        ),
  );
