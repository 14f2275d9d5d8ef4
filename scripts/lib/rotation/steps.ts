import type { Fault } from '../model';
import { clockGuard, deleteGuard, retireGuard, switchGuard, type Refusal } from './guards';
import { noted, unstaged, type PlaceRecord, type Rotation } from './rotation';

/** Where a key has to be: an org, or an endpoint. */
export interface Place {
  readonly name: string;
  readonly wave: number;
}

/** What a place makes of the two keys: whether tokens of each are taken there, and whether the old one is gone. */
export interface Sight {
  readonly next: boolean;
  readonly retiring: 'trusted' | 'refused' | 'gone';
}

/** What the source, and after it every place, is brought to. */
export type Aim = 'staged' | 'retired' | 'deleted';

/** The world around a rotation. Every method may fail, and the process may end between any two of them. */
export interface World {
  /** The clock of the machine that takes the step. */
  now(): Date;
  /** The places whose keyset lists the old key or the new one, as the configuration says now. */
  places(): readonly Place[];
  /** Makes the source say what it should; changes nothing where it does already. */
  edit(aim: Aim): void;
  /** What a place holds now. */
  look(place: Place): Promise<Sight>;
  /** Brings a place to what the source says and tells what it holds then. */
  bring(place: Place, aim: Aim): Promise<Sight>;
  /** Keeps the rotation, whole or not at all. */
  save(rotation: Rotation): void;
  /** What a failure was, as data. */
  faultOf(thrown: unknown): Fault;
}

/** How one place came out of a step. */
export interface PlaceResult {
  readonly place: Place;
  readonly result: 'done' | 'failed' | 'skipped' | 'waiting';
  readonly error?: Fault;
}

/** What became of a step: refused with nothing touched, or how each place came out. */
export interface StepResult {
  readonly rotation: Rotation;
  readonly refusal?: Refusal;
  readonly places: readonly PlaceResult[];
}

/** Puts the new key beside the old one everywhere, wave by wave. */
export async function stage(rotation: Rotation, world: World): Promise<StepResult> {
  const refusal = clockGuard(rotation, world.now());
  if (refusal) return { rotation, refusal, places: [] };
  world.save(rotation);
  world.edit('staged');
  return roll(rotation, world, { aim: 'staged', note: 'stagedAt', ok: ({ next }) => next, reversed: false });
}

/** Looks whether every place has the new key, and forgets that one had it which has it no more. */
export async function staged(rotation: Rotation, world: World): Promise<StepResult> {
  const early = clockGuard(rotation, world.now());
  if (early) return { rotation, refusal: early, places: [] };
  const places = world.places();
  const looked = await Promise.all(places.map((place) => seen(place, world)));
  const known = looked.reduce((before, { place, sight }) => {
    if (!sight) return before;
    return sight.next ? noted(before, place.name, 'stagedAt', world.now()) : unstaged(before, place.name);
  }, rotation);
  world.save(known);
  return { rotation: known, places: looked.map(({ place, sight, error }) => resultOf(place, sight?.next, error)) };
}

/**
 * Whether the signer may switch, and, once it has, that it did. The places are looked at again first: what was staged
 * weeks ago may have been undone since.
 */
export async function switchOver(rotation: Rotation, world: World, switched: boolean): Promise<StepResult> {
  const looked = await staged(rotation, world);
  const unsure = looked.places.find(({ result }) => result === 'failed');
  const refusal =
    looked.refusal ?? (unsure ? unseen(unsure) : switchGuard(looked.rotation, namesOf(world), world.now()));
  if (refusal || !switched || looked.rotation.switchedAt !== undefined)
    return { ...looked, ...(refusal && { refusal }) };
  const known = { ...looked.rotation, switchedAt: world.now().toISOString() };
  world.save(known);
  return { rotation: known, places: looked.places };
}

/** Takes trust from the old key, last wave first. A place that would then trust neither key keeps the old one. */
export async function retire(rotation: Rotation, world: World): Promise<StepResult> {
  const refusal = retireGuard(rotation, world.now());
  if (refusal) return { rotation, refusal, places: [] };
  if (!rotation.compromised) {
    const gap = await withoutNext(world);
    if (gap) return { rotation, refusal: gap, places: [] };
  }
  world.save(rotation);
  world.edit('retired');
  return roll(rotation, world, {
    aim: 'retired',
    note: 'retiredAt',
    ok: ({ retiring }) => retiring !== 'trusted',
    reversed: true,
  });
}

/** Removes the retired key, last wave first. */
export async function remove(rotation: Rotation, world: World): Promise<StepResult> {
  const refusal = deleteGuard(rotation, namesOf(world), world.now());
  if (refusal) return { rotation, refusal, places: [] };
  world.edit('deleted');
  return roll(rotation, world, {
    aim: 'deleted',
    note: 'deletedAt',
    ok: ({ retiring }) => retiring === 'gone',
    reversed: true,
  });
}

const namesOf = (world: World): readonly string[] => world.places().map(({ name }) => name);

interface Roll {
  readonly aim: Aim;
  readonly note: keyof PlaceRecord;
  readonly ok: (sight: Sight) => boolean;
  readonly reversed: boolean;
}

/** Wave by wave; a wave with a place that did not come through is the last one. Each result is kept at once. */
async function roll(rotation: Rotation, world: World, plan: Roll): Promise<StepResult> {
  const places = world.places();
  const waves = [...new Set(places.map(({ wave }) => wave))].sort((one, other) =>
    plan.reversed ? other - one : one - other,
  );
  const results: PlaceResult[] = [];
  let known = rotation;
  for (const wave of waves) {
    const stopped = results.some(({ result }) => result !== 'done');
    const bring = async (place: Place): Promise<PlaceResult> => {
      if (stopped) return { place, result: 'skipped' };
      const { sight, error } = await brought(place, world, plan.aim);
      if (sight && plan.ok(sight)) world.save((known = noted(known, place.name, plan.note, world.now())));
      return resultOf(place, sight && plan.ok(sight), error);
    };
    results.push(...(await Promise.all(places.filter((place) => place.wave === wave).map(bring))));
  }
  return { rotation: known, places: results };
}

interface Seen {
  readonly place: Place;
  readonly sight?: Sight;
  readonly error?: Fault;
}

const seen = (place: Place, world: World): Promise<Seen> => tried(place, world, () => world.look(place));

const brought = (place: Place, world: World, aim: Aim): Promise<Seen> =>
  tried(place, world, () => world.bring(place, aim));

async function tried(place: Place, world: World, sight: () => Promise<Sight>): Promise<Seen> {
  try {
    return { place, sight: await sight() };
  } catch (thrown) {
    return { place, error: world.faultOf(thrown) };
  }
}

const resultOf = (place: Place, done: boolean | undefined, error: Fault | undefined): PlaceResult => ({
  place,
  result: error ? 'failed' : done ? 'done' : 'waiting',
  ...(error && { error }),
});

/** Why nothing is retired yet: some place does not take tokens of the new key, or cannot be asked. */
async function withoutNext(world: World): Promise<Refusal | undefined> {
  const looked = await Promise.all(world.places().map((place) => seen(place, world)));
  const lost = looked.find(({ sight }) => sight?.next === false);
  if (lost) {
    const why = `${lost.place.name} does not trust the new key any more; without the old one its customers would be locked out.`;
    return { why, fix: 'Stage the new key again: npm run keys -- rotate stage KEYSET.' };
  }
  const silent = looked.find(({ error }) => error);
  return silent && unseen(silent);
}

const unseen = ({ place, error }: Pick<PlaceResult, 'place' | 'error'>): Refusal => ({
  why: `${place.name} could not be asked what it holds: ${error?.what ?? 'nothing is known of it.'}`,
  fix: error?.fix ?? 'Run the step again.',
});
