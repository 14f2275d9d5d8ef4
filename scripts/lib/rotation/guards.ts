import { latestMoment, recordOf, type Rotation } from './rotation';

const MINUTE = 60 * 1000;
const HOUR = 60 * MINUTE;

/** Why a step is not taken now, and the earliest moment at which it could be, where time alone is what is missing. */
export interface StepRefusal {
  readonly why: string;
  readonly fix: string;
  readonly earliest?: Date;
}

/** UTC, to the second, as people read it. */
export const formatMoment = (moment: Date): string =>
  `${new Date(Math.ceil(moment.getTime() / 1000) * 1000).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

/** No step is taken by a clock that is behind what is recorded: every wait would be measured wrongly. */
export function clockGuard(rotation: Rotation, now: Date): StepRefusal | undefined {
  const latest = latestMoment(rotation);
  if (now >= latest) return undefined;
  const why = `The clock of this machine is behind the rotation, whose last step was recorded at ${formatMoment(latest)}.`;
  return { why, fix: 'Set the clock of this machine, or wait until then.', earliest: latest };
}

/**
 * The earliest moment at which the signer may switch. An org holds an uploaded key from the moment it was seen there; a
 * document may be cached as long as the allowance says. Undefined while a place lacks the new key.
 */
export function earliestSwitch(rotation: Rotation, targets: readonly string[]): Date | undefined {
  const staged = targets.map((target) => recordOf(rotation, target).stagedAt);
  if (staged.length === 0 || staged.some((moment) => moment === undefined)) return undefined;
  const last = Math.max(...staged.map((moment) => Date.parse(moment ?? '')));
  return new Date(last + (rotation.delivery === 'endpoint' ? rotation.cacheHours * HOUR : 0));
}

/** The signer may switch only when every place takes tokens of the new key. */
export function switchGuard(rotation: Rotation, targets: readonly string[], now: Date): StepRefusal | undefined {
  const clock = clockGuard(rotation, now);
  if (clock) return clock;
  if (rotation.newKey === undefined) return NOT_STAGED;
  const earliest = earliestSwitch(rotation, targets);
  if (!earliest) return notStagedRefusal(rotation, targets);
  if (now >= earliest) return undefined;
  const why = `The new key was last seen published ${rotation.cacheHours} hours before that moment; until then a cache may not know it.`;
  return { why, fix: `Wait until ${formatMoment(earliest)}.`, earliest };
}

/** The earliest moment at which the old key may go; undefined before the signer has switched. */
export function earliestRetirement({ switchedAt, tokenLifetimeMinutes, cacheHours }: Rotation): Date | undefined {
  if (switchedAt === undefined) return undefined;
  return new Date(Date.parse(switchedAt) + tokenLifetimeMinutes * MINUTE + cacheHours * HOUR);
}

/** The old key goes when no token of it can come any more; a compromised one goes at once. */
export function retireGuard(rotation: Rotation, now: Date): StepRefusal | undefined {
  const clock = clockGuard(rotation, now);
  if (clock) return clock;
  if (rotation.compromised) return undefined;
  const earliest = earliestRetirement(rotation);
  if (!earliest) return NOT_SWITCHED;
  if (now >= earliest) return undefined;
  const { tokenLifetimeMinutes, cacheHours } = rotation;
  const why = `A token of the old key may live ${tokenLifetimeMinutes} minutes after the signer switched, and ${cacheHours} hours are allowed for caches.`;
  return { why, fix: `Wait until ${formatMoment(earliest)}.`, earliest };
}

/** A key is deleted only after it was retired everywhere. */
export function deleteGuard(rotation: Rotation, targets: readonly string[], now: Date): StepRefusal | undefined {
  const clock = clockGuard(rotation, now);
  if (clock) return clock;
  const remaining = targets.filter((target) => recordOf(rotation, target).retiredAt === undefined);
  if (rotation.newKey === undefined) return NOT_STAGED;
  if (remaining.length === 0) return undefined;
  return {
    why: `The old key is not retired in ${remaining.join(', ')}.`,
    fix: `Run: npm run keys -- rotate retire ${rotation.keyset}.`,
  };
}

const notStagedRefusal = (rotation: Rotation, targets: readonly string[]): StepRefusal => {
  const missing = targets.filter((target) => recordOf(rotation, target).stagedAt === undefined);
  const why = `The new key was not seen in ${missing.join(', ') || 'any place'}; tokens signed with it would be refused there.`;
  return { why, fix: `Run: npm run keys -- rotate check ${rotation.keyset}.` };
};

const NOT_STAGED: StepRefusal = {
  why: 'There is no new key yet.',
  fix: 'Make one and stage it: npm run keys -- new NAME, then npm run keys -- rotate stage KEYSET --new-key NAME.',
};

const NOT_SWITCHED: StepRefusal = {
  why: 'The signer has not been said to have switched, so that tokens of the old key may still be issued.',
  fix: 'When the signer signs with the new key everywhere: npm run keys -- rotate switch KEYSET --confirm.',
};
