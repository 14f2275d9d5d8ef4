import { EXIT, ToolError } from '../errors';
import { keyFactsOf } from '../jwk';
import {
  componentsOf,
  compromisedKeyText,
  isActiveKey,
  isEndpointKeyset,
  keyNamesOf,
  mayTrustKeyset,
  textAt,
  type Component,
  type CompromisedKey,
  npmRun,
} from '../model';
import { DEFAULT_CACHE_HOURS, isDone, readRotations, type KeyIdentity, type Rotation } from '../rotation';
import { sourceKey, orgKeyset, sourceKeyset, type KeyProject } from './keyset';
import type { RotateFlags } from './flags';

const DEFAULT_TOKEN_LIFETIME_MINUTES = 60;

/** The stored rotation of a keyset, or undefined. Throws `invalid-rotation` if its file is invalid. */
export function findRotation(project: KeyProject, keyset: string): Rotation | undefined {
  const { rotations, findings } = readRotations(project.folder);
  const broken = findings.find(({ file }) => file.endsWith(`/${keyset}.json`));
  if (broken) throw rotationError(broken.message, `${broken.file} is invalid.`, broken.fix);
  return rotations.find((rotation) => rotation.keyset === keyset);
}

/** The rotation of a step: the running one. `stage` and `retire --compromised` start a rotation if none is running. */
export function rotationForStep(project: KeyProject, flags: RotateFlags, now: Date): Rotation {
  const rotation = findOrStartRotation(project, flags, now);
  const { newKey, keyset } = rotation;
  const compromised = project.compromised.find(({ thumbprint }) => thumbprint === newKey?.thumbprint);
  if (newKey && compromised) throw compromisedKeyError(keyset, newKey, compromised);
  return rotation;
}

function findOrStartRotation(project: KeyProject, flags: RotateFlags, now: Date): Rotation {
  const existing = findRotation(project, flags.name);
  const running = existing && !isDone(existing) ? existing : undefined;
  const startsRotation = flags.step === 'stage' || (flags.step === 'retire' && flags.compromised);
  if (running?.newKey && startsRotation && flags.compromised && flags.oldKey === running.newKey.name)
    return reversedRotation(project, running, running.newKey, now);
  if (running) return continueRotation(project, running, flags);
  if (startsRotation) return newRotation(project, flags, now);
  if (existing) return existing;
  throw rotationError(
    `${flags.name} has no rotation.`,
    'config/rotations has no file for this keyset.',
    `Start a rotation: ${npmRun('keys', 'rotate', 'stage', flags.name, '--new-key', 'NAME')}`,
  );
}

/** Flags can complete a running rotation, but not turn it into another one. */
function continueRotation(project: KeyProject, rotation: Rotation, flags: RotateFlags): Rotation {
  const { newKey: newName, oldKey: oldName, cacheHours, compromised, step } = flags;
  if (oldName !== undefined && oldName !== rotation.oldKey.name) throw otherRotationError(rotation);
  if (newName !== undefined && rotation.newKey !== undefined && newName !== rotation.newKey.name)
    throw otherRotationError(rotation);
  if (newName !== undefined && newName === rotation.oldKey.name) throw otherRotationError(rotation);
  const newKey = rotation.newKey ?? (newName === undefined ? undefined : keyIdentity(project, newName));
  const updated = {
    ...rotation,
    ...(newKey && { newKey }),
    ...(cacheHours !== undefined && { cacheHours }),
    ...(flags.tokenLifetime !== undefined && { tokenLifetimeMinutes: lifetimeOf(project, flags) }),
    compromised: rotation.compromised || (step === 'retire' && compromised),
  };
  if (step === 'stage' && !updated.newKey) throw missingKeyError(rotation.keyset);
  return updated;
}

/** A compromised new key is retired, and the old key takes its place again, if it can still be trusted. */
function reversedRotation(
  { source, compromised }: KeyProject,
  rotation: Rotation,
  newKey: KeyIdentity,
  now: Date,
): Rotation {
  const { keyset, delivery, oldKey, tokenLifetimeMinutes, cacheHours } = rotation;
  const isTrustworthy =
    !rotation.compromised &&
    source.components.has(`PublicKeyCertificate:${oldKey.name}`) &&
    !compromised.some(({ thumbprint }) => thumbprint === oldKey.thumbprint);
  return {
    keyset,
    delivery,
    oldKey: newKey,
    ...(isTrustworthy && { newKey: oldKey }),
    compromised: true,
    tokenLifetimeMinutes,
    cacheHours,
    startedAt: now.toISOString(),
    targets: {},
  };
}

function newRotation(project: KeyProject, flags: RotateFlags, now: Date): Rotation {
  const keyset = sourceKeyset(project.source.components, flags.name);
  if (flags.step === 'stage' && flags.newKey === undefined) throw missingKeyError(flags.name);
  const newKey = flags.newKey === undefined ? undefined : keyIdentity(project, flags.newKey);
  const oldKey = keyIdentity(project, flags.oldKey ?? otherActiveKey(project, keyset, flags.newKey));
  if (newKey && (newKey.name === oldKey.name || newKey.thumbprint === oldKey.thumbprint || newKey.kid === oldKey.kid)) {
    throw rotationError(
      `${newKey.name} can't replace ${oldKey.name}.`,
      'They are the same key, or have the same kid.',
      `Create a key: ${npmRun('keys', 'new', 'NAME', '--private-key', 'FILE')}`,
    );
  }
  return {
    keyset: flags.name,
    delivery: isEndpointKeyset(keyset) ? 'endpoint' : 'uploaded',
    oldKey,
    ...(newKey && { newKey }),
    compromised: flags.compromised && flags.step === 'retire',
    tokenLifetimeMinutes: lifetimeOf(project, flags),
    cacheHours: flags.cacheHours ?? DEFAULT_CACHE_HOURS,
    startedAt: now.toISOString(),
    targets: {},
  };
}

/** The only other active key of a keyset. Throws `invalid-rotation` if there are none or several. */
function otherActiveKey({ source, orgs }: KeyProject, keyset: Component, key: string | undefined): string {
  const listed = new Set([keyset, ...orgs.map((org) => orgKeyset(org, keyset.fullName))].flatMap(keyNamesOf));
  const others = [...listed].filter((name) => name !== key && isActiveKey(source.components, name));
  const [only] = others;
  if (only !== undefined && others.length === 1) return only;
  const why = others.length === 0 ? 'The keyset lists no other active key.' : `The keyset lists ${others.join(', ')}.`;
  throw rotationError(`The old key of ${keyset.fullName} isn't clear.`, why, 'Add --old-key NAME.');
}

function keyIdentity({ source }: KeyProject, name: string): KeyIdentity {
  const facts = keyFactsOf(sourceKey(source.components, name));
  if (facts?.kid !== undefined) return { name, kid: facts.kid, thumbprint: facts.thumbprint };
  throw rotationError(
    `The key ${name} can't be read.`,
    'Its JSON web key has no kid, or no valid RSA numbers.',
    `Find the error: ${npmRun('check')}`,
  );
}

/** How long tokens of the old key can be in use, in minutes: those of the token service and of Salesforce. */
const lifetimeOf = (project: KeyProject, { name, tokenLifetime = 0 }: RotateFlags): number =>
  Math.max(tokenLifetime, maxTokenLifetimeMinutes(project, name));

/**
 * The maximum lifetime, in minutes, of a verified session of this keyset in any channel. The signer's tokens may have a longer lifetime, which
 * only --token-lifetime can tell.
 */
function maxTokenLifetimeMinutes({ orgs }: KeyProject, keyset: string): number {
  const channels = orgs
    .flatMap(({ components }) => componentsOf(components, 'MessagingChannel'))
    .filter((channel) => mayTrustKeyset(channel, keyset));
  const lifetimes = channels.map(({ root }) =>
    Number(textAt(root, 'embeddedConfig.verifiedUserJwtExpirationTime') ?? DEFAULT_TOKEN_LIFETIME_MINUTES),
  );
  return Math.max(DEFAULT_TOKEN_LIFETIME_MINUTES, ...lifetimes.filter((lifetime) => Number.isInteger(lifetime)));
}

export const rotationError = (what: string, why: string, fix: string): ToolError =>
  new ToolError('invalid-rotation', { what, why, fix }, { exit: EXIT.failed });

const compromisedKeyError = (keyset: string, { name }: KeyIdentity, key: CompromisedKey): ToolError =>
  rotationError(
    `The new key ${name} is compromised.`,
    `It has the key pair of ${compromisedKeyText(key)}.`,
    `Stage another key. If ${name} is already staged, retire it first: ${npmRun('keys', 'rotate', 'retire', keyset, '--old-key', name, '--compromised')}`,
  );

const missingKeyError = (keyset: string): ToolError =>
  rotationError(
    'The new key is missing.',
    'A rotation replaces one key with another.',
    `Create a key (${npmRun('keys', 'new', 'NAME', '--private-key', 'FILE')}), then run: ${npmRun('keys', 'rotate', 'stage', keyset, '--new-key', 'NAME')}`,
  );

const otherRotationError = ({ keyset, oldKey, newKey }: Rotation): ToolError =>
  rotationError(
    `Another rotation of ${keyset} is running.`,
    `It replaces ${oldKey.name}${newKey ? ` with ${newKey.name}` : ''}, and a keyset has one rotation at a time.`,
    `Finish it first. Show the next step: ${npmRun('keys', 'rotate', 'status', keyset)}`,
  );
