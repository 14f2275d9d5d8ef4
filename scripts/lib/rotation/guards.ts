import { npmRun } from '../model';
import { latestMoment, recordOf, type Rotation } from './rotation';

const MINUTE = 60 * 1000;
const HOUR = 60 * MINUTE;

/** Why a step can't be taken now. `earliest` is set if only time is missing. */
export interface StepRefusal {
  readonly why: string;
  readonly fix: string;
  readonly earliest?: Date;
  /** Whether a target couldn't be read because it didn't answer. */
  readonly unreachable?: boolean;
}

/** A moment for people: UTC, rounded up to the second so that a step taken then isn't too early. */
export const formatMoment = (moment: Date): string =>
  `${new Date(Math.ceil(moment.getTime() / 1000) * 1000).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

/** Refuses a step while the clock is behind the recorded moments, because every wait would be measured wrongly. */
export function clockGuard(rotation: Rotation, now: Date): StepRefusal | undefined {
  const latest = latestMoment(rotation);
  if (now >= latest) return undefined;
  const why = `The clock of this machine is behind the last recorded step (${formatMoment(latest)}).`;
  return { why, fix: `Correct the clock, or wait until ${formatMoment(latest)}.`, earliest: latest };
}

/**
 * The earliest moment at which the signer may switch; undefined while a target lacks the new key. An org accepts an uploaded key from
 * the moment it was read back. A JWKS document may be cached for `cacheHours`.
 */
export function earliestSwitch(rotation: Rotation, targets: readonly string[]): Date | undefined {
  const staged = targets.map((target) => recordOf(rotation, target).stagedAt);
  if (staged.length === 0 || staged.some((moment) => moment === undefined)) return undefined;
  const last = Math.max(...staged.map((moment) => Date.parse(moment ?? '')));
  return new Date(last + (rotation.delivery === 'endpoint' ? rotation.cacheHours * HOUR : 0));
}

/** The signer may switch only when every target accepts tokens of the new key. */
export function switchGuard(rotation: Rotation, targets: readonly string[], now: Date): StepRefusal | undefined {
  const clock = clockGuard(rotation, now);
  if (clock) return clock;
  if (rotation.newKey === undefined) return noNewKeyRefusal(rotation);
  const earliest = earliestSwitch(rotation, targets);
  if (!earliest) return notStagedRefusal(rotation, targets);
  if (now >= earliest) return undefined;
  const why = `Caches may lack the new key for ${rotation.cacheHours} hours after it was published everywhere.`;
  return { why, fix: `Wait until ${formatMoment(earliest)}.`, earliest };
}

/** The earliest moment at which the old key may be retired; undefined before the switch is confirmed. */
export function earliestRetirement({ switchedAt, tokenLifetimeMinutes, cacheHours }: Rotation): Date | undefined {
  if (switchedAt === undefined) return undefined;
  return new Date(Date.parse(switchedAt) + tokenLifetimeMinutes * MINUTE + cacheHours * HOUR);
}

/** The old key is retired after its last token has expired; a compromised key is retired at once. */
export function retireGuard(rotation: Rotation, now: Date): StepRefusal | undefined {
  const clock = clockGuard(rotation, now);
  if (clock) return clock;
  if (rotation.compromised) return undefined;
  const earliest = earliestRetirement(rotation);
  if (!earliest) return notSwitchedRefusal(rotation);
  if (now >= earliest) return undefined;
  const { tokenLifetimeMinutes, cacheHours } = rotation;
  const why = `A token of the old key can be valid for ${tokenLifetimeMinutes} minutes after the switch, and caches are allowed ${cacheHours} hours.`;
  return { why, fix: `Wait until ${formatMoment(earliest)}.`, earliest };
}

/** A key is deleted only after it was retired in every target. */
export function deleteGuard(rotation: Rotation, targets: readonly string[], now: Date): StepRefusal | undefined {
  const clock = clockGuard(rotation, now);
  if (clock) return clock;
  const remaining = targets.filter((target) => recordOf(rotation, target).retiredAt === undefined);
  if (rotation.newKey === undefined) return noNewKeyRefusal(rotation);
  if (remaining.length === 0) return undefined;
  return {
    why: `The old key isn't retired in ${remaining.join(', ')}.`,
    fix: `Run: ${npmRun('keys', 'rotate', 'retire', rotation.keyset)}`,
  };
}

const notStagedRefusal = (rotation: Rotation, targets: readonly string[]): StepRefusal => {
  const missing = targets.filter((target) => recordOf(rotation, target).stagedAt === undefined);
  const why = `The new key isn't staged in ${missing.join(', ') || 'any target'}, which would reject tokens signed with it.`;
  return { why, fix: `Run: ${npmRun('keys', 'rotate', 'check', rotation.keyset)}` };
};

const noNewKeyRefusal = ({ keyset }: Rotation): StepRefusal => ({
  why: 'The rotation has no new key.',
  fix: `Create a key (${npmRun('keys', 'new', 'NAME', '--private-key', 'FILE')}), then stage it: ${npmRun('keys', 'rotate', 'stage', keyset, '--new-key', 'NAME')}`,
});

const notSwitchedRefusal = ({ keyset }: Rotation): StepRefusal => ({
  why: "The switch isn't confirmed, so tokens signed with the old key might still be issued.",
  fix: `After the signer uses the new key everywhere, run: ${npmRun('keys', 'rotate', 'switch', keyset, '--confirm')}`,
});
