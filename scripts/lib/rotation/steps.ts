import type { ErrorDetails } from '../model';
import { clockGuard, deleteGuard, retireGuard, switchGuard, type StepRefusal } from './guards';
import { recordStep, clearStaged, type TargetRecord, type Rotation } from './rotation';

/** Where a key has to be: an org, or an endpoint. */
export interface RotationTarget {
  readonly name: string;
  readonly wave: number;
}

/** What a place makes of the two keys: whether tokens of each are taken there, and whether the old one is gone. */
export interface KeyTrust {
  readonly newKeyTrusted: boolean;
  readonly oldKeyStatus: 'trusted' | 'rejected' | 'missing';
}

/** What the source, and after it every place, is brought to. */
export type TargetState = 'staged' | 'retired' | 'deleted';

/** The world around a rotation. Every method may fail, and the process may end between any two of them. */
export interface RotationBackend {
  /** The clock of the machine that takes the step. */
  now(): Date;
  /** The places whose keyset lists the old key or the new one, as the configuration says now. */
  targets(): readonly RotationTarget[];
  /** Makes the source say what it should; changes nothing where it does already. */
  editSource(aim: TargetState): void;
  /** What a place holds now. */
  inspect(place: RotationTarget): Promise<KeyTrust>;
  /** Brings a place to what the source says and tells what it holds then. */
  apply(place: RotationTarget, aim: TargetState): Promise<KeyTrust>;
  /** Keeps the rotation, whole or not at all. */
  save(rotation: Rotation): void;
  /** What a failure was, as data. */
  errorDetails(thrown: unknown): ErrorDetails;
}

/** How one place came out of a step. */
export interface TargetResult {
  readonly target: RotationTarget;
  readonly result: 'done' | 'failed' | 'skipped' | 'waiting';
  readonly error?: ErrorDetails;
}

/** What became of a step: refused with nothing touched, or how each place came out. */
export interface StepResult {
  readonly rotation: Rotation;
  readonly refusal?: StepRefusal;
  readonly targets: readonly TargetResult[];
}

/** Puts the new key beside the old one everywhere, wave by wave. */
export async function stage(rotation: Rotation, backend: RotationBackend): Promise<StepResult> {
  const refusal = clockGuard(rotation, backend.now());
  if (refusal) return { rotation, refusal, targets: [] };
  backend.save(rotation);
  backend.editSource('staged');
  return applyByWave(rotation, backend, {
    targetState: 'staged',
    recordField: 'stagedAt',
    isDone: ({ newKeyTrusted }) => newKeyTrusted,
    reversed: false,
  });
}

/** Looks whether every place has the new key, and forgets that one had it which has it no more. */
export async function checkStaged(rotation: Rotation, backend: RotationBackend): Promise<StepResult> {
  const clockRefusal = clockGuard(rotation, backend.now());
  if (clockRefusal) return { rotation, refusal: clockRefusal, targets: [] };
  const targets = backend.targets();
  const inspections = await Promise.all(targets.map((target) => inspectTarget(target, backend)));
  const known = inspections.reduce((before, { target: place, keyTrust }) => {
    if (!keyTrust) return before;
    return keyTrust.newKeyTrusted
      ? recordStep(before, place.name, 'stagedAt', backend.now())
      : clearStaged(before, place.name);
  }, rotation);
  backend.save(known);
  return {
    rotation: known,
    targets: inspections.map(({ target: place, keyTrust, error }) =>
      targetResult(place, keyTrust?.newKeyTrusted, error),
    ),
  };
}

/**
 * Whether the signer may switch, and, once it has, that it did. The places are looked at again first: what was staged
 * weeks ago may have been undone since.
 */
export async function confirmSwitch(
  rotation: Rotation,
  backend: RotationBackend,
  switched: boolean,
): Promise<StepResult> {
  const checked = await checkStaged(rotation, backend);
  const failedInspection = checked.targets.find(({ result }) => result === 'failed');
  const refusal =
    checked.refusal ??
    (failedInspection
      ? inspectionRefusal(failedInspection)
      : switchGuard(checked.rotation, targetNames(backend), backend.now()));
  if (refusal || !switched || checked.rotation.switchedAt !== undefined)
    return { ...checked, ...(refusal && { refusal }) };
  const known = { ...checked.rotation, switchedAt: backend.now().toISOString() };
  backend.save(known);
  return { rotation: known, targets: checked.targets };
}

/** Takes trust from the old key, last wave first. A place that would then trust neither key keeps the old one. */
export async function retire(rotation: Rotation, backend: RotationBackend): Promise<StepResult> {
  const refusal = retireGuard(rotation, backend.now());
  if (refusal) return { rotation, refusal, targets: [] };
  if (!rotation.compromised) {
    const gap = await newKeyRefusal(backend);
    if (gap) return { rotation, refusal: gap, targets: [] };
  }
  backend.save(rotation);
  backend.editSource('retired');
  return applyByWave(rotation, backend, {
    targetState: 'retired',
    recordField: 'retiredAt',
    isDone: ({ oldKeyStatus }) => oldKeyStatus !== 'trusted',
    reversed: true,
  });
}

/** Removes the retired key, last wave first. */
export async function deleteKey(rotation: Rotation, backend: RotationBackend): Promise<StepResult> {
  const refusal = deleteGuard(rotation, targetNames(backend), backend.now());
  if (refusal) return { rotation, refusal, targets: [] };
  backend.editSource('deleted');
  return applyByWave(rotation, backend, {
    targetState: 'deleted',
    recordField: 'deletedAt',
    isDone: ({ oldKeyStatus }) => oldKeyStatus === 'missing',
    reversed: true,
  });
}

const targetNames = (backend: RotationBackend): readonly string[] => backend.targets().map(({ name }) => name);

interface WaveStep {
  readonly targetState: TargetState;
  readonly recordField: keyof TargetRecord;
  readonly isDone: (sight: KeyTrust) => boolean;
  readonly reversed: boolean;
}

/** Wave by wave; a wave with a place that did not come through is the last one. Each result is kept at once. */
async function applyByWave(rotation: Rotation, backend: RotationBackend, plan: WaveStep): Promise<StepResult> {
  const targets = backend.targets();
  const waves = [...new Set(targets.map(({ wave }) => wave))].sort((one, other) =>
    plan.reversed ? other - one : one - other,
  );
  const results: TargetResult[] = [];
  let updated = rotation;
  for (const wave of waves) {
    const stopped = results.some(({ result }) => result !== 'done');
    const applyTo = async (target: RotationTarget): Promise<TargetResult> => {
      if (stopped) return { target: target, result: 'skipped' };
      const { keyTrust, error } = await applyToTarget(target, backend, plan.targetState);
      if (keyTrust && plan.isDone(keyTrust))
        backend.save((updated = recordStep(updated, target.name, plan.recordField, backend.now())));
      return targetResult(target, keyTrust && plan.isDone(keyTrust), error);
    };
    results.push(...(await Promise.all(targets.filter((place) => place.wave === wave).map(applyTo))));
  }
  return { rotation: updated, targets: results };
}

interface TargetInspection {
  readonly target: RotationTarget;
  readonly keyTrust?: KeyTrust;
  readonly error?: ErrorDetails;
}

const inspectTarget = (target: RotationTarget, backend: RotationBackend): Promise<TargetInspection> =>
  inspectSafely(target, backend, () => backend.inspect(target));

const applyToTarget = (
  target: RotationTarget,
  backend: RotationBackend,
  targetState: TargetState,
): Promise<TargetInspection> => inspectSafely(target, backend, () => backend.apply(target, targetState));

async function inspectSafely(
  target: RotationTarget,
  backend: RotationBackend,
  inspect: () => Promise<KeyTrust>,
): Promise<TargetInspection> {
  try {
    return { target: target, keyTrust: await inspect() };
  } catch (thrown) {
    return { target: target, error: backend.errorDetails(thrown) };
  }
}

const targetResult = (
  target: RotationTarget,
  done: boolean | undefined,
  error: ErrorDetails | undefined,
): TargetResult => ({
  target: target,
  result: error ? 'failed' : done ? 'done' : 'waiting',
  ...(error && { error }),
});

/** Why nothing is retired yet: some place does not take tokens of the new key, or cannot be asked. */
async function newKeyRefusal(backend: RotationBackend): Promise<StepRefusal | undefined> {
  const inspections = await Promise.all(backend.targets().map((place) => inspectTarget(place, backend)));
  const untrusting = inspections.find(({ keyTrust }) => keyTrust?.newKeyTrusted === false);
  if (untrusting) {
    const why = `${untrusting.target.name} does not trust the new key any more; without the old one its customers would be locked out.`;
    return { why, fix: 'Stage the new key again: npm run keys -- rotate stage KEYSET.' };
  }
  const failedInspection = inspections.find(({ error }) => error);
  return failedInspection && inspectionRefusal(failedInspection);
}

const inspectionRefusal = ({ target, error }: Pick<TargetResult, 'target' | 'error'>): StepRefusal => ({
  why: `${target.name} could not be asked what it holds: ${error?.what ?? 'nothing is known of it.'}`,
  fix: error?.fix ?? 'Run the step again.',
});
