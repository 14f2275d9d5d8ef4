import type { Component } from '../model';
import { locationAt, textOf, type SourceLocation } from './location';
import { error, violation, defineRules, warning, type Violation, type Rule } from './rule';
import { HELP_SETUP, META_CHANNEL, SKILL_CHANNEL } from './sources';

export const EXPIRATION_RULES = defineRules({
  'unverified-expiration': error(
    'Tokens of unverified users live for 60 to 4320 whole minutes.',
    `${HELP_SETUP}; ${SKILL_CHANNEL}`,
  ),
  'verified-expiration': error(
    'Tokens of verified users live for whole minutes, at least 60.',
    `${HELP_SETUP}; ${SKILL_CHANNEL}`,
  ),
  'verified-expiration-disputed': warning(
    'Tokens of verified users live for at most 240 minutes; the sources disagree on more.',
    `${SKILL_CHANNEL} names 60 to 240; the sample of ${META_CHANNEL} has 360`,
  ),
});

const MIN_MINUTES = 60;
const MAX_MINUTES = 4320;
const MAX_UNDISPUTED_MINUTES = 240;

/** The token expirations of a channel in minutes, where they are stated. What is no number is left to the schema. */
export function checkExpirations(channel: Component): readonly Violation[] {
  const unverified = locationAt(channel, 'embeddedConfig.anonymousUserJwtExpirationTime');
  const verified = locationAt(channel, 'embeddedConfig.verifiedUserJwtExpirationTime');
  return [
    ...checkRange(
      unverified,
      EXPIRATION_RULES['unverified-expiration'],
      'unverified users',
      'Choose 60 to 4320 minutes; 360 is the default.',
    ),
    ...checkRange(
      verified,
      EXPIRATION_RULES['verified-expiration'],
      'verified users',
      'Choose 60 to 240 minutes; 60 is the default.',
    ),
    ...checkDisputedRange(verified),
  ];
}

const minutesAt = (location: SourceLocation): number => Number(textOf(location) ?? NaN);
const isInRange = (minutes: number): boolean =>
  Number.isInteger(minutes) && minutes >= MIN_MINUTES && minutes <= MAX_MINUTES;

function checkRange(location: SourceLocation, rule: Rule, users: string, fix: string): readonly Violation[] {
  const minutes = minutesAt(location);
  if (Number.isNaN(minutes) || isInRange(minutes)) return [];
  return [violation(rule, location, `Tokens of ${users} cannot live for ${minutes} minutes.`, fix)];
}

function checkDisputedRange(location: SourceLocation): readonly Violation[] {
  const minutes = minutesAt(location);
  if (!isInRange(minutes) || minutes <= MAX_UNDISPUTED_MINUTES) return [];
  const message = `Salesforce may refuse ${minutes} minutes for verified users: one source says 240, another 360.`;
  return [
    violation(
      EXPIRATION_RULES['verified-expiration-disputed'],
      location,
      message,
      'Choose 240 or less, or try it in a sandbox first.',
    ),
  ];
}
