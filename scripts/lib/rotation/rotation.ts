import { z } from 'zod';

/** Names a key for people, for tokens, and beyond doubt. */
const keyShape = z.strictObject({
  name: z.string().min(1).describe('Developer name of the PublicKeyCertificate.'),
  kid: z.string().min(1),
  thumbprint: z.string().min(1).describe('RFC 7638.'),
});

const moment = z.iso.datetime().describe('UTC.');

const placeShape = z.strictObject({
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
  retiring: keyShape,
  /** Absent only while a compromised key is out and its successor is not there yet. */
  next: keyShape.optional(),
  compromised: z.boolean(),
  /** Longest life of a token, in minutes: as long as one may come that was signed before the signer switched. */
  tokenLifeMinutes: z.int().min(1),
  /** Allowance for caches, which Salesforce does not document, and for the clocks of the machines that take the steps. */
  cacheHours: z.int().min(0),
  startedAt: moment,
  /** The last moment at which the old key may have signed. */
  switchedAt: moment.optional(),
  /** What is known of each org, or of each endpoint. */
  places: z.record(z.string(), placeShape),
});

export type Rotation = z.infer<typeof rotationShape>;
export type KeyName = Rotation['retiring'];
export type PlaceRecord = Rotation['places'][string];

/** What has been done of a rotation; `retiring` once the old key is out somewhere. */
export type Stage = 'staging' | 'staged' | 'switched' | 'retiring' | 'retired' | 'done';

/** The record of a place; of one that nothing is known of, an empty one. */
export const recordOf = (rotation: Rotation, place: string): PlaceRecord => rotation.places[place] ?? {};

/** The rotation with more known about one place. A moment that is known stays. */
export function noted(rotation: Rotation, place: string, step: keyof PlaceRecord, now: Date): Rotation {
  const before = recordOf(rotation, place);
  if (before[step] !== undefined) return rotation;
  return { ...rotation, places: { ...rotation.places, [place]: { ...before, [step]: now.toISOString() } } };
}

/** The rotation with a place that no longer has the new key. */
export function unstaged(rotation: Rotation, place: string): Rotation {
  const { stagedAt, ...rest } = recordOf(rotation, place);
  return stagedAt === undefined ? rotation : { ...rotation, places: { ...rotation.places, [place]: rest } };
}

/** How far a rotation is in the given places. */
export function stageOf(rotation: Rotation, places: readonly string[]): Stage {
  const every = (step: keyof PlaceRecord): boolean =>
    places.length > 0 && places.every((place) => recordOf(rotation, place)[step] !== undefined);
  if (every('deletedAt')) return 'done';
  if (every('retiredAt')) return 'retired';
  if (places.some((place) => recordOf(rotation, place).retiredAt !== undefined)) return 'retiring';
  if (rotation.switchedAt !== undefined) return 'switched';
  return rotation.next !== undefined && every('stagedAt') ? 'staged' : 'staging';
}

/** Whether there is nothing left to do: another rotation of the keyset may begin. */
export const isOver = (rotation: Rotation): boolean => stageOf(rotation, Object.keys(rotation.places)) === 'done';

/** The last moment that a rotation knows of; a step before it is taken by a clock that is wrong. */
export function latestMoment(rotation: Rotation): Date {
  const moments = [
    rotation.startedAt,
    rotation.switchedAt,
    ...Object.values(rotation.places).flatMap(({ stagedAt, retiredAt, deletedAt }) => [stagedAt, retiredAt, deletedAt]),
  ];
  return new Date(Math.max(...moments.flatMap((text) => (text === undefined ? [] : [Date.parse(text)]))));
}
