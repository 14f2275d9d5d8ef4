import { EXPIRATION_RULES, minutesAt } from './expiration';
import type { Violation } from './rule';

/** The answers to the question verified-lifetime (lib/calibrate), in minutes. */
const LIFETIME_LIMITS: Readonly<Record<string, number>> = {
  '4320-minutes': 4320,
  '360-minutes': 360,
  '240-minutes': 240,
};

/**
 * Applies what `calibrate` found in an org. Where sources disagree about the lifetime of access tokens, the limit of the org
 * replaces the warning: a longer one is an error, a shorter one is none. Without evidence, nothing changes.
 */
export function withEvidence(
  violations: readonly Violation[],
  answers: ReadonlyMap<string, string>,
): readonly Violation[] {
  const limit = LIFETIME_LIMITS[answers.get('verified-lifetime') ?? ''];
  if (limit === undefined) return violations;
  return violations.flatMap((each) => {
    if (each.rule !== EXPIRATION_RULES['verified-expiration-disputed']) return [each];
    return minutesAt(each.location) <= limit ? [] : [tooLong(each, limit)];
  });
}

const tooLong = ({ location }: Violation, limit: number): Violation => ({
  rule: EXPIRATION_RULES['verified-expiration'],
  location,
  message: `Salesforce rejects ${minutesAt(location)} minutes for verified users, as calibrate found in an org (config/evidence).`,
  fix: `Set ${limit} minutes or less.`,
});
