import { z } from 'zod';

/** Names a key for people, for tokens, and beyond doubt. */
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
 * The rotation of one key of one keyset: config/rotations/<keyset>.json. It holds only what cannot be read elsewhere,
 * when things were seen or done; whether they still are is looked at anew by every step.
 */
export const rotationShape = z.strictObject({
  keyset: z.string().min(1),
  delivery: z.enum(['uploaded', 'endpoint']),
  oldKey: keyShape,
  /** Absent only while a compromised key is out and its successor is not there yet. */
  newKey: keyShape.optional(),
  compromised: z.boolean(),
  /** Longest life of a token, in minutes: as long as one may come that was signed before the signer switched. */
  tokenLifetimeMinutes: z.int().min(1),
  /** Allowance for caches, which Salesforce does not document, and for the clocks of the machines that take the steps. */
  cacheHours: z.int().min(0),
  startedAt: moment,
  /** The last moment at which the old key may have signed. */
  switchedAt: moment.optional(),
  /** What is known of each org, or of each endpoint. */
  targets: z.record(z.string(), targetShape),
});

export type Rotation = z.infer<typeof rotationShape>;
export type KeyIdentity = Rotation['oldKey'];
export type TargetRecord = Rotation['targets'][string];

/** What has been done of a rotation; `retiring` once the old key is out somewhere. */
export type RotationPhase = 'staging' | 'staged' | 'switched' | 'retiring' | 'retired' | 'done';

/** The record of a place; of one that nothing is known of, an empty one. */
export const recordOf = (rotation: Rotation, target: string): TargetRecord => rotation.targets[target] ?? {};

/** The rotation with more known about one place. A moment that is known stays. */
export function recordStep(rotation: Rotation, target: string, step: keyof TargetRecord, now: Date): Rotation {
  const before = recordOf(rotation, target);
  if (before[step] !== undefined) return rotation;
  return { ...rotation, targets: { ...rotation.targets, [target]: { ...before, [step]: now.toISOString() } } };
}

/** The rotation with a place that no longer has the new key. */
export function clearStaged(rotation: Rotation, target: string): Rotation {
  const { stagedAt, ...rest } = recordOf(rotation, target);
  return stagedAt === undefined ? rotation : { ...rotation, targets: { ...rotation.targets, [target]: rest } };
}

/** How far a rotation is in the given places. */
export function phaseOf(rotation: Rotation, targets: readonly string[]): RotationPhase {
  const every = (step: keyof TargetRecord): boolean =>
    targets.length > 0 && targets.every((target) => recordOf(rotation, target)[step] !== undefined);
  if (every('deletedAt')) return 'done';
  if (every('retiredAt')) return 'retired';
  if (targets.some((place) => recordOf(rotation, place).retiredAt !== undefined)) return 'retiring';
  if (rotation.switchedAt !== undefined) return 'switched';
  return rotation.newKey !== undefined && every('stagedAt') ? 'staged' : 'staging';
}

/** Whether there is nothing left to do: another rotation of the keyset may begin. */
export const isDone = (rotation: Rotation): boolean => phaseOf(rotation, Object.keys(rotation.targets)) === 'done';

/** The last moment that a rotation knows of; a step before it is taken by a clock that is wrong. */
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
