import type { Component } from '../model';
import { locationAt, textOf, type SourceLocation } from './location';
import { error, violation, defineRules, warning, type Violation, type Rule } from './rule';
import { HELP_SETUP, META_CHANNEL, SKILL_CHANNEL } from './sources';

export const EXPIRATION_RULES = defineRules({
  'unverified-expiration': error(
    'Access tokens for unverified users expire after 60 to 4320 whole minutes.',
    `${HELP_SETUP}; ${SKILL_CHANNEL}`,
  ),
  'verified-expiration': error(
    'Access tokens for verified users expire after 60 to 4320 whole minutes.',
    `${HELP_SETUP}; ${SKILL_CHANNEL}`,
  ),
  'verified-expiration-disputed': warning(
    'Access tokens for verified users expire after at most 240 minutes; sources disagree about longer times.',
    `${SKILL_CHANNEL} names 60 to 240; the sample of ${META_CHANNEL} has 360`,
  ),
});

const MIN_MINUTES = 60;
const MAX_MINUTES = 4320;
const MAX_UNDISPUTED_MINUTES = 240;

/** Checks the declared access token expirations of a channel, in minutes. The schema rules report values that aren't numbers. */
export function checkExpirations(channel: Component): readonly Violation[] {
  const unverified = locationAt(channel, 'embeddedConfig.anonymousUserJwtExpirationTime');
  const verified = locationAt(channel, 'embeddedConfig.verifiedUserJwtExpirationTime');
  return [
    ...checkRange(
      unverified,
      EXPIRATION_RULES['unverified-expiration'],
      'unverified users',
      'Set 60 to 4320 minutes. The default is 360.',
    ),
    ...checkRange(
      verified,
      EXPIRATION_RULES['verified-expiration'],
      'verified users',
      'Set 60 to 240 minutes. The default is 60.',
    ),
    ...checkDisputedRange(verified),
  ];
}

/** The minutes in a file; NaN if it isn't a number. */
export const minutesAt = (location: SourceLocation): number => Number(textOf(location) ?? NaN);
const isInRange = (minutes: number): boolean =>
  Number.isInteger(minutes) && minutes >= MIN_MINUTES && minutes <= MAX_MINUTES;

function checkRange(location: SourceLocation, rule: Rule, users: string, fix: string): readonly Violation[] {
  const minutes = minutesAt(location);
  if (Number.isNaN(minutes) || isInRange(minutes)) return [];
  return [violation(rule, location, `Access tokens for ${users} can't expire after ${minutes} minutes.`, fix)];
}

function checkDisputedRange(location: SourceLocation): readonly Violation[] {
  const minutes = minutesAt(location);
  if (!isInRange(minutes) || minutes <= MAX_UNDISPUTED_MINUTES) return [];
  const message = `Salesforce may reject ${minutes} minutes for verified users. One source allows up to 240, another shows 360.`;
  return [
    violation(
      EXPIRATION_RULES['verified-expiration-disputed'],
      location,
      message,
      'Set 240 minutes or less, or test the value in a sandbox.',
    ),
  ];
}
