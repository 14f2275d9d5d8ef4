import { ToolError } from '../errors';
import {
  isDisruptive,
  keyNamesOf,
  mapOf,
  withoutKey,
  type Change,
  type ComponentMap,
  type DesiredState,
  type OrgResult,
  npmRun,
} from '../model';
import { revokeCompromisedKeys, withRemoval, type Removal } from '../org';
import { hasReached, type Rotation, type TargetState } from '../rotation';
import { orgKeyTrust } from './key-trust';
import { orgKeyset } from './keyset';

/** A step of a rotation as the orgs need it. */
export interface RotationStep {
  readonly rotation: Rotation;
  readonly targetState: TargetState;
  /** Whether the old key leaves the keyset when it is retired: Salesforce rejects its certificate in every deploy, even as an inactive key. */
  readonly removeFromKeyset: boolean;
}

/** The orgs whose keyset lists the old key or the new key. */
export function affectedOrgs(
  { keyset, oldKey, newKey }: Rotation,
  orgs: readonly DesiredState[],
): readonly DesiredState[] {
  const names = [oldKey.name, newKey?.name];
  return orgs.filter((desired) => keyNamesOf(orgKeyset(desired, keyset)).some((name) => names.includes(name)));
}

/**
 * Computes the desired state of an org after a step from its live state: only the keyset and the keys that the step is about. An org that
 * has already reached the target state needs no change. Throws `invalid-rotation` where retiring the old key would leave no trusted key.
 */
export function stepTarget(step: RotationStep, desired: DesiredState, live: ComponentMap): DesiredState {
  const { rotation, targetState, removeFromKeyset } = step;
  const keyTrust = orgKeyTrust(live, rotation);
  if (hasReached(keyTrust, targetState)) return { ...desired, components: new Map() };
  if (targetState === 'retired' && !rotation.compromised && !keyTrust.newKeyTrusted)
    throw newKeyMissingError(desired, rotation);
  if (targetState === 'deleted' || (targetState === 'retired' && removeFromKeyset))
    return withRemoval(desired, oldKeyRemoval(step, desired, live));
  return {
    ...desired,
    components: targetState === 'staged' ? stagedComponents(rotation, desired, live) : oldKeyOnly(rotation, desired),
  };
}

/** The keyset and the new key, and the other listed keys that the org lacks: without them Salesforce rejects the keyset. */
function stagedComponents(
  { keyset, newKey }: Rotation,
  { components }: DesiredState,
  live: ComponentMap,
): ComponentMap {
  const set = components.get(`PublicKeyCertificateSet:${keyset}`);
  const names = keyNamesOf(set).filter((name) => name === newKey?.name || !live.has(`PublicKeyCertificate:${name}`));
  const keys = names.flatMap((name) => components.get(`PublicKeyCertificate:${name}`) ?? []);
  return mapOf([...keys, ...(set ? [set] : [])]);
}

function oldKeyOnly({ oldKey }: Rotation, { components }: DesiredState): ComponentMap {
  const key = components.get(`PublicKeyCertificate:${oldKey.name}`);
  return mapOf(key ? [key] : []);
}

/** The live keyset without the old key, and the deletion of the key itself if that is the step. Compromised keys are revoked. */
function oldKeyRemoval(
  { rotation: { keyset, oldKey }, targetState }: RotationStep,
  { compromised }: DesiredState,
  live: ComponentMap,
): Removal {
  const key = `PublicKeyCertificate:${oldKey.name}` as const;
  const set = live.get(`PublicKeyCertificateSet:${keyset}`);
  const kept = mapOf(set && keyNamesOf(set).includes(oldKey.name) ? [withoutKey(set, oldKey.name)] : []);
  const deleted = targetState === 'deleted' && live.has(key) ? [key] : [];
  const after = new Map([...live, ...kept].filter(([each]) => !deleted.includes(each as typeof key)));
  return { kept: new Map([...kept, ...revokeCompromisedKeys({ components: new Map(), compromised }, after)]), deleted };
}

/**
 * Whether a change must be accepted. The end of the old key doesn't have to be: all its tokens have expired before it is retired. The retirement of a
 * compromised key does, because its tokens are still in use.
 */
export function needsConsent({ rotation, targetState }: RotationStep, change: Change): boolean {
  const { keyset, oldKey, compromised } = rotation;
  if (!isDisruptive(change)) return false;
  const endsOldKey =
    (change.component === `PublicKeyCertificate:${oldKey.name}` && ['isActive', ''].includes(change.path)) ||
    (change.component === `PublicKeyCertificateSet:${keyset}` && change.path.endsWith(`[${oldKey.name}]`));
  return !endsOldKey || (compromised && targetState === 'retired');
}

/** The error of an org that was deployed to, but doesn't trust the keys as the step wants it. */
export const notReachedError = ({ alias }: Pick<OrgResult, 'alias'>, { rotation, targetState }: RotationStep) => ({
  code: 'readback-mismatch',
  what: `"${alias}" has not reached the state "${targetState}" of the rotation.`,
  why: `Its keyset ${rotation.keyset} or its keys differ from the source.`,
  fix: `Compare them: ${npmRun('plan', '--org', alias)}`,
});

const newKeyMissingError = ({ org }: DesiredState, { keyset, newKey, oldKey }: Rotation): ToolError =>
  new ToolError('invalid-rotation', {
    what: `"${org.alias}" doesn't trust the new key ${newKey?.name ?? ''}. Nothing was sent to it.`,
    why: `Without ${oldKey.name}, its customers would be locked out.`,
    fix: `Stage the new key again: ${npmRun('keys', 'rotate', 'stage', keyset)}`,
  });
