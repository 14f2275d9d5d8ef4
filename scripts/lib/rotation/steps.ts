import { EXIT, toErrorDetails, ToolError } from '../errors';
import { type ErrorDetails, npmRun } from '../model';
import { clockGuard, deleteGuard, retireGuard, switchGuard, type StepRefusal } from './guards';
import { recordStep, clearStaged, type TargetRecord, type Rotation } from './rotation';

/** Where a rotation acts: an org or an endpoint. */
export interface RotationTarget {
  readonly name: string;
  readonly wave: number;
}

/** Whether a target accepts tokens of each key. A missing key isn't even there as an inactive one. */
export interface KeyTrust {
  readonly newKeyTrusted: boolean;
  readonly oldKeyStatus: 'trusted' | 'rejected' | 'missing';
}

/** The state to which a step brings the source and every target. */
export type TargetState = 'staged' | 'retired' | 'deleted';

/** Whether a target is where a step leads. */
export function hasReached({ newKeyTrusted, oldKeyStatus }: KeyTrust, targetState: TargetState): boolean {
  if (targetState === 'staged') return newKeyTrusted;
  return targetState === 'retired' ? oldKeyStatus !== 'trusted' : oldKeyStatus === 'missing';
}

/** The keys that one target trusts, or the reason why they couldn't be read. */
export interface TargetInspection {
  readonly target: RotationTarget;
  readonly keyTrust?: KeyTrust;
  readonly error?: ErrorDetails;
  /** Whether the target or its login didn't answer. */
  readonly unreachable?: boolean;
}

/** Records what was read back from a target. Returns whether the target has reached the target state. */
export type RecordTrust = (target: RotationTarget, keyTrust: KeyTrust) => boolean;

/** The project and the targets of a rotation. Every method may fail, and the process may end between any two calls. */
export interface RotationBackend {
  /** The clock of this machine. */
  now(): Date;
  /** The targets whose keyset lists the old key or the new key, as the project says now. */
  targets(): readonly RotationTarget[];
  /** Reads one target. */
  inspect(target: RotationTarget): Promise<KeyTrust>;
  /** Reads every target and plans a step. Writes nothing. */
  plan(targetState: TargetState): Promise<readonly TargetInspection[]>;
  /** Shows the plan and has it confirmed. Throws `not-accepted`. */
  confirm(): Promise<void>;
  /** Makes the source declare what the step leads to. Safe to rerun. */
  editSource(targetState: TargetState): void;
  /**
   * Applies the plan, wave by wave: the last wave first where trust is removed. A wave in which a target doesn't reach the target state is
   * the last one. Calls `record` for each target as soon as its trust was read back.
   */
  apply(targetState: TargetState, record: RecordTrust): Promise<readonly TargetResult[]>;
  /** Saves the rotation, completely or not at all. */
  save(rotation: Rotation): void;
}

/** The result of a step in one target. `waiting` means that another person has to act, for example to publish a JWKS document. */
export interface TargetResult {
  readonly target: RotationTarget;
  readonly result: 'done' | 'failed' | 'unreachable' | 'unknown' | 'skipped' | 'waiting';
  readonly error?: ErrorDetails;
}

/** The result of a step: a refusal, in which case nothing was changed, or one result for each target. */
export interface StepResult {
  readonly rotation: Rotation;
  readonly refusal?: StepRefusal;
  readonly targets: readonly TargetResult[];
}

/** Adds the new key to every target, next to the old one. */
export async function stage(rotation: Rotation, backend: RotationBackend): Promise<StepResult> {
  const refusal = clockGuard(rotation, backend.now());
  return refusal ? { rotation, refusal, targets: [] } : takeStep(rotation, backend, 'staged');
}

/** Reads whether every target trusts the new key, and clears the record of a target that no longer does. */
export async function checkStaged(rotation: Rotation, backend: RotationBackend): Promise<StepResult> {
  const refusal = clockGuard(rotation, backend.now());
  if (refusal) return { rotation, refusal, targets: [] };
  const inspections = await Promise.all(backend.targets().map((target) => inspectTarget(target, backend)));
  const updated = inspections.reduce((before, { target, keyTrust }) => {
    if (!keyTrust) return before;
    return keyTrust.newKeyTrusted
      ? recordStep(before, target.name, 'stagedAt', backend.now())
      : clearStaged(before, target.name);
  }, rotation);
  backend.save(updated);
  return { rotation: updated, targets: inspections.map((each) => inspectionResult(each, 'staged')) };
}

/**
 * Returns whether the signer may switch, and records that it did if `switched` is true. Every target is read first, because the new
 * key may have been removed since it was staged.
 */
export async function confirmSwitch(
  rotation: Rotation,
  backend: RotationBackend,
  switched: boolean,
): Promise<StepResult> {
  const checked = await checkStaged(rotation, backend);
  const unread = checked.targets.find(({ result }) => result === 'failed' || result === 'unreachable');
  const refusal =
    checked.refusal ??
    (unread ? unreadRefusal(unread) : switchGuard(checked.rotation, targetNames(backend), backend.now()));
  if (refusal || !switched || checked.rotation.switchedAt !== undefined)
    return { ...checked, ...(refusal && { refusal }) };
  const updated = { ...checked.rotation, switchedAt: backend.now().toISOString() };
  backend.save(updated);
  return { rotation: updated, targets: checked.targets };
}

/** Removes trust from the old key. Refuses while any target doesn't trust the new key, unless the old key is compromised. */
export async function retire(rotation: Rotation, backend: RotationBackend): Promise<StepResult> {
  const refusal = retireGuard(rotation, backend.now());
  return refusal ? { rotation, refusal, targets: [] } : takeStep(rotation, backend, 'retired');
}

/** Deletes the retired key. */
export async function deleteKey(rotation: Rotation, backend: RotationBackend): Promise<StepResult> {
  const refusal = deleteGuard(rotation, targetNames(backend), backend.now());
  return refusal ? { rotation, refusal, targets: [] } : takeStep(rotation, backend, 'deleted');
}

const targetNames = (backend: RotationBackend): readonly string[] => backend.targets().map(({ name }) => name);

const RECORD_FIELDS: Readonly<Record<TargetState, keyof TargetRecord>> = {
  staged: 'stagedAt',
  retired: 'retiredAt',
  deleted: 'deletedAt',
};

/** Plans, confirms and applies a step. The result of each target is saved as soon as it is known. */
async function takeStep(rotation: Rotation, backend: RotationBackend, targetState: TargetState): Promise<StepResult> {
  const inspections = await backend.plan(targetState);
  const refusal = targetState === 'retired' && !rotation.compromised ? newKeyRefusal(rotation, inspections) : undefined;
  if (refusal) return { rotation, refusal, targets: [] };
  await backend.confirm();
  backend.save(rotation);
  backend.editSource(targetState);
  let updated = rotation;
  const targets = await backend.apply(targetState, (target, keyTrust) => {
    if (!hasReached(keyTrust, targetState)) return false;
    backend.save((updated = recordStep(updated, target.name, RECORD_FIELDS[targetState], backend.now())));
    return true;
  });
  return { rotation: updated, targets };
}

/** Reads one target; a ToolError becomes part of the inspection. */
export async function inspectTarget(
  target: RotationTarget,
  backend: Pick<RotationBackend, 'inspect'>,
): Promise<TargetInspection> {
  try {
    return { target, keyTrust: await backend.inspect(target) };
  } catch (thrown) {
    if (!(thrown instanceof ToolError)) throw thrown;
    return { target, error: toErrorDetails(thrown), unreachable: thrown.exit === EXIT.unreachable };
  }
}

/** The result of an inspection for a step that only the owner of the target can finish. */
export function inspectionResult(
  { target, keyTrust, error, unreachable = false }: TargetInspection,
  targetState: TargetState,
): TargetResult {
  if (error) return { target, result: unreachable ? 'unreachable' : 'failed', error };
  return { target, result: keyTrust && hasReached(keyTrust, targetState) ? 'done' : 'waiting' };
}

/** Why the old key can't be retired: a target doesn't trust the new key, or can't be read. */
function newKeyRefusal({ keyset }: Rotation, inspections: readonly TargetInspection[]): StepRefusal | undefined {
  const untrusting = inspections.find(({ keyTrust }) => keyTrust?.newKeyTrusted === false);
  if (untrusting) {
    const why = `${untrusting.target.name} no longer trusts the new key. Without the old key, its customers would be locked out.`;
    return { why, fix: `Stage the new key again: ${npmRun('keys', 'rotate', 'stage', keyset)}` };
  }
  const unread = inspections.find(({ error }) => error);
  return unread && unreadRefusal(inspectionResult(unread, 'retired'));
}

const unreadRefusal = ({ target, error, result }: TargetResult): StepRefusal => ({
  why: `${target.name} couldn't be read: ${error?.what ?? 'The reason is unknown.'}`,
  fix: error?.fix ?? 'Run the step again.',
  ...(result === 'unreachable' && { unreachable: true }),
});
