import type { Component } from '../model';
import { placeAt, textOf, type Place } from './place';
import { error, flaw, rules, warning, type Flaw, type Rule } from './rule';
import { HELP_SETUP, META_CHANNEL, SKILL_CHANNEL } from './sources';

export const EXPIRATION_RULES = rules({
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

const SHORTEST = 60;
const LONGEST = 4320;
const LONGEST_UNDISPUTED = 240;

/** The token expirations of a channel in minutes, where they are stated. What is no number is left to the schema. */
export function checkExpirations(channel: Component): readonly Flaw[] {
  const unverified = placeAt(channel, 'embeddedConfig.anonymousUserJwtExpirationTime');
  const verified = placeAt(channel, 'embeddedConfig.verifiedUserJwtExpirationTime');
  return [
    ...outside(
      unverified,
      EXPIRATION_RULES['unverified-expiration'],
      'unverified users',
      'Choose 60 to 4320 minutes; 360 is the default.',
    ),
    ...outside(
      verified,
      EXPIRATION_RULES['verified-expiration'],
      'verified users',
      'Choose 60 to 240 minutes; 60 is the default.',
    ),
    ...disputed(verified),
  ];
}

const minutesAt = (place: Place): number => Number(textOf(place) ?? NaN);
const isAllowed = (minutes: number): boolean => Number.isInteger(minutes) && minutes >= SHORTEST && minutes <= LONGEST;

function outside(place: Place, rule: Rule, who: string, fix: string): readonly Flaw[] {
  const minutes = minutesAt(place);
  if (Number.isNaN(minutes) || isAllowed(minutes)) return [];
  return [flaw(rule, place, `Tokens of ${who} cannot live for ${minutes} minutes.`, fix)];
}

function disputed(place: Place): readonly Flaw[] {
  const minutes = minutesAt(place);
  if (!isAllowed(minutes) || minutes <= LONGEST_UNDISPUTED) return [];
  const message = `Salesforce may refuse ${minutes} minutes for verified users: one source says 240, another 360.`;
  return [
    flaw(
      EXPIRATION_RULES['verified-expiration-disputed'],
      place,
      message,
      'Choose 240 or less, or try it in a sandbox first.',
    ),
  ];
}
