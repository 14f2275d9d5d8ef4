import { z } from 'zod';

/** Identifies a key by name (in orgs), by kid (in tokens), and by thumbprint (unambiguously). */
const keyShape = z.strictObject({
  name: z.string().min(1).describe('Developer name of the PublicKeyCertificate.'),
  kid: z.string().min(1),
  thumbprint: z.string().min(1).describe('RFC 7638.'),
});

const moment = z.iso.datetime().describe('UTC.');

const targetShape = z.strictObject({
  stagedAt: moment.optional(),
  retiredAt: moment.optional(),
  deletedAt: moment.optional(),
});

/**
 * The rotation of one key of one keyset, stored in config/rotations/<keyset>.json. It contains only what can't be read elsewhere: when
 * each step was done. Each step reads again whether that is still so.
 */
export const rotationShape = z.strictObject({
  keyset: z.string().min(1),
  delivery: z.enum(['uploaded', 'endpoint']),
  oldKey: keyShape,
  /** Absent only between the retirement of a compromised key and the staging of its successor. */
  newKey: keyShape.optional(),
  compromised: z.boolean(),
  /** Maximum token lifetime in minutes: how long a token that was signed before the switch can be used. */
  tokenLifetimeMinutes: z.int().min(1),
  /** Allowance for caches, whose duration Salesforce doesn't document, and for the clocks of the machines that take the steps. */
  cacheHours: z.int().min(0),
  startedAt: moment,
  /** The last moment at which the old key may have signed a token. */
  switchedAt: moment.optional(),
  /** When each step was done in each target. */
  targets: z.record(z.string(), targetShape),
});

/** The `cacheHours` of a rotation that sets none. Salesforce doesn't document how long it caches a JWKS document. */
export const DEFAULT_CACHE_HOURS = 72;

/** The hours that a keyset's rotation waits for caches. Default: those of a rotation without the setting. */
export const cacheHoursOf = (rotations: readonly Rotation[], keyset: string): number =>
  rotations.find((rotation) => rotation.keyset === keyset)?.cacheHours ?? DEFAULT_CACHE_HOURS;

/** The compromised keys of a project, stored in config/compromised-keys.json. */
export const compromisedKeysShape = z.strictObject({
  keys: z.array(keyShape.extend({ keyset: z.string().min(1), markedAt: moment })),
});

export type Rotation = z.infer<typeof rotationShape>;
export type KeyIdentity = Rotation['oldKey'];
export type TargetRecord = Rotation['targets'][string];

/** How far a rotation is. `retiring` means that the old key is retired in some targets. */
export type RotationPhase = 'staging' | 'staged' | 'switched' | 'retiring' | 'retired' | 'done';

/** The record of a target; empty if there is none. */
export const recordOf = (rotation: Rotation, target: string): TargetRecord => rotation.targets[target] ?? {};

/** The rotation with one more step recorded. A moment that is already recorded stays. */
export function recordStep(rotation: Rotation, target: string, step: keyof TargetRecord, now: Date): Rotation {
  const before = recordOf(rotation, target);
  if (before[step] !== undefined) return rotation;
  return { ...rotation, targets: { ...rotation.targets, [target]: { ...before, [step]: now.toISOString() } } };
}

/** The rotation without the staged record of a target. */
export function clearStaged(rotation: Rotation, target: string): Rotation {
  const { stagedAt, ...rest } = recordOf(rotation, target);
  return stagedAt === undefined ? rotation : { ...rotation, targets: { ...rotation.targets, [target]: rest } };
}

/** How far a rotation is in the given targets. */
export function phaseOf(rotation: Rotation, targets: readonly string[]): RotationPhase {
  const every = (step: keyof TargetRecord): boolean =>
    targets.length > 0 && targets.every((target) => recordOf(rotation, target)[step] !== undefined);
  if (every('deletedAt')) return 'done';
  if (every('retiredAt')) return 'retired';
  if (targets.some((target) => recordOf(rotation, target).retiredAt !== undefined)) return 'retiring';
  if (rotation.switchedAt !== undefined) return 'switched';
  return rotation.newKey !== undefined && every('stagedAt') ? 'staged' : 'staging';
}

/** Whether the rotation is complete, so that another rotation of the keyset may start. */
export const isDone = (rotation: Rotation): boolean => phaseOf(rotation, Object.keys(rotation.targets)) === 'done';

/** The last recorded moment. A step before it means that a clock is wrong. */
export function latestMoment(rotation: Rotation): Date {
  const moments = [
    rotation.startedAt,
    rotation.switchedAt,
    ...Object.values(rotation.targets).flatMap(({ stagedAt, retiredAt, deletedAt }) => [
      stagedAt,
      retiredAt,
      deletedAt,
    ]),
  ];
  return new Date(Math.max(...moments.flatMap((text) => (text === undefined ? [] : [Date.parse(text)]))));
}
