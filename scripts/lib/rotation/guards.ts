import { latestMoment, recordOf, type Rotation } from './rotation';

const MINUTE = 60 * 1000;
const HOUR = 60 * MINUTE;

/** Why a step is not taken now, and the earliest moment at which it could be, where time alone is what is missing. */
export interface Refusal {
  readonly why: string;
  readonly fix: string;
  readonly earliest?: Date;
}

/** UTC, to the second, as people read it. */
export const shownMoment = (moment: Date): string =>
  `${new Date(Math.ceil(moment.getTime() / 1000) * 1000).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

/** No step is taken by a clock that is behind what is recorded: every wait would be measured wrongly. */
export function clockGuard(rotation: Rotation, now: Date): Refusal | undefined {
  const latest = latestMoment(rotation);
  if (now >= latest) return undefined;
  const why = `The clock of this machine is behind the rotation, whose last step was recorded at ${shownMoment(latest)}.`;
  return { why, fix: 'Set the clock of this machine, or wait until then.', earliest: latest };
}

/**
 * The earliest moment at which the signer may switch. An org holds an uploaded key from the moment it was seen there; a
 * document may be cached as long as the allowance says. Undefined while a place lacks the new key.
 */
export function earliestSwitch(rotation: Rotation, places: readonly string[]): Date | undefined {
  const staged = places.map((place) => recordOf(rotation, place).stagedAt);
  if (staged.length === 0 || staged.some((moment) => moment === undefined)) return undefined;
  const last = Math.max(...staged.map((moment) => Date.parse(moment ?? '')));
  return new Date(last + (rotation.delivery === 'endpoint' ? rotation.cacheHours * HOUR : 0));
}

/** The signer may switch only when every place takes tokens of the new key. */
export function switchGuard(rotation: Rotation, places: readonly string[], now: Date): Refusal | undefined {
  const clock = clockGuard(rotation, now);
  if (clock) return clock;
  if (rotation.next === undefined) return NOT_STAGED;
  const earliest = earliestSwitch(rotation, places);
  if (!earliest) return lacking(rotation, places);
  if (now >= earliest) return undefined;
  const why = `The new key was last seen published ${rotation.cacheHours} hours before that moment; until then a cache may not know it.`;
  return { why, fix: `Wait until ${shownMoment(earliest)}.`, earliest };
}

/** The earliest moment at which the old key may go; undefined before the signer has switched. */
export function earliestRetirement({ switchedAt, tokenLifeMinutes, cacheHours }: Rotation): Date | undefined {
  if (switchedAt === undefined) return undefined;
  return new Date(Date.parse(switchedAt) + tokenLifeMinutes * MINUTE + cacheHours * HOUR);
}

/** The old key goes when no token of it can come any more; a compromised one goes at once. */
export function retireGuard(rotation: Rotation, now: Date): Refusal | undefined {
  const clock = clockGuard(rotation, now);
  if (clock) return clock;
  if (rotation.compromised) return undefined;
  const earliest = earliestRetirement(rotation);
  if (!earliest) return NOT_SWITCHED;
  if (now >= earliest) return undefined;
  const { tokenLifeMinutes, cacheHours } = rotation;
  const why = `A token of the old key may live ${tokenLifeMinutes} minutes after the signer switched, and ${cacheHours} hours are allowed for caches.`;
  return { why, fix: `Wait until ${shownMoment(earliest)}.`, earliest };
}

/** A key is deleted only after it was retired everywhere. */
export function deleteGuard(rotation: Rotation, places: readonly string[], now: Date): Refusal | undefined {
  const clock = clockGuard(rotation, now);
  if (clock) return clock;
  const open = places.filter((place) => recordOf(rotation, place).retiredAt === undefined);
  if (rotation.next === undefined) return NOT_STAGED;
  if (open.length === 0) return undefined;
  return {
    why: `The old key is not retired in ${open.join(', ')}.`,
    fix: `Run: npm run keys -- rotate retire ${rotation.keyset}.`,
  };
}

const lacking = (rotation: Rotation, places: readonly string[]): Refusal => {
  const without = places.filter((place) => recordOf(rotation, place).stagedAt === undefined);
  const why = `The new key was not seen in ${without.join(', ') || 'any place'}; tokens signed with it would be refused there.`;
  return { why, fix: `Run: npm run keys -- rotate staged ${rotation.keyset}.` };
};

const NOT_STAGED: Refusal = {
  why: 'There is no new key yet.',
  fix: 'Make one and stage it: npm run keys -- new NAME, then npm run keys -- rotate stage KEYSET --key NAME.',
};

const NOT_SWITCHED: Refusal = {
  why: 'The signer has not been said to have switched, so that tokens of the old key may still be issued.',
  fix: 'When the signer signs with the new key everywhere: npm run keys -- rotate switch KEYSET --switched.',
};
