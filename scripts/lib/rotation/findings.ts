import { keyFactsOf } from '../jwk';
import {
  componentsOf,
  isTrueAt,
  joinNames,
  keyNamesOf,
  keysetsListing,
  type Component,
  type ComponentMap,
  type DesiredState,
  type Finding,
  type Severity,
  npmRun,
} from '../model';
import { SAMPLE_KEYS } from '../rules/sample-keys';
import { rotationFile } from './files';
import { earliestRetirement, earliestSwitch, formatMoment } from './guards';
import { DEFAULT_CACHE_HOURS, isDone, latestMoment, phaseOf, type Rotation } from './rotation';

const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;

/** How long a rotation can wait for its next step before it counts as stuck. */
const STUCK_AFTER_MS = 14 * DAY;

/** The rotations, the source and the orgs that `check` examines. */
export interface RotationInput {
  readonly rotations: readonly Rotation[];
  readonly source: ComponentMap;
  readonly orgs: readonly DesiredState[];
  /** Whether `orgs` has every org of the project. Default: true. */
  readonly allOrgsRead?: boolean;
  readonly now: Date;
}

/** Findings about time: stuck rotations, overdue retirements, new keys that come too late, and unused keys. */
export function rotationFindings(input: RotationInput): readonly Finding[] {
  const running = input.rotations.filter((rotation) => !isDone(rotation));
  return [
    ...running.flatMap((rotation) => overdue(rotation, input) ?? stuck(rotation, input) ?? []),
    ...running.flatMap((rotation) => late(rotation, input)),
    ...unrotated(running, input),
    ...unused(running, input),
  ];
}

/** The targets from the project; of an endpoint keyset, the recorded ones. */
function targetsOf(rotation: Rotation, { orgs }: RotationInput): readonly string[] {
  const names = [rotation.oldKey.name, rotation.newKey?.name];
  const listing = orgs.filter(({ components }) =>
    keyNamesOf(components.get(`PublicKeyCertificateSet:${rotation.keyset}`)).some((name) => names.includes(name)),
  );
  return rotation.delivery === 'uploaded' && listing.length > 0
    ? listing.map(({ org }) => org.alias)
    : Object.keys(rotation.targets);
}

/** A trusted old key that can be retired already. */
function overdue(rotation: Rotation, input: RotationInput): readonly Finding[] | undefined {
  const earliest = rotation.compromised ? new Date(rotation.startedAt) : earliestRetirement(rotation);
  if (!earliest || input.now < earliest || ['retired', 'done'].includes(phaseOf(rotation, targetsOf(rotation, input))))
    return undefined;
  const message = `${rotation.oldKey.name} could be retired since ${formatMoment(earliest)} but is still trusted, so its private key can still sign tokens.`;
  return [
    finding(
      rotation,
      'rotation-overdue',
      'warning',
      message,
      `Run: ${npmRun('keys', 'rotate', 'retire', rotation.keyset)}`,
    ),
  ];
}

function stuck(rotation: Rotation, input: RotationInput): readonly Finding[] | undefined {
  const targets = targetsOf(rotation, input);
  const dueSince = Math.max(
    latestMoment(rotation).getTime(),
    (earliestSwitch(rotation, targets) ?? new Date(0)).getTime(),
  );
  if (input.now.getTime() - dueSince < STUCK_AFTER_MS) return undefined;
  const days = Math.floor((input.now.getTime() - dueSince) / DAY);
  const message = `The rotation of ${rotation.keyset} has been ${phaseOf(rotation, targets)} for ${days} days without a next step.`;
  return [
    finding(
      rotation,
      'rotation-stuck',
      'warning',
      message,
      `Show the next step: ${npmRun('keys', 'rotate', 'status', rotation.keyset)}`,
    ),
  ];
}

/** The minimum time from staging to the end of the last old token, in milliseconds. */
const leadTime = ({
  delivery,
  cacheHours,
  tokenLifetimeMinutes,
}: Pick<Rotation, 'delivery' | 'cacheHours' | 'tokenLifetimeMinutes'>): number =>
  (delivery === 'endpoint' ? cacheHours * HOUR : 0) + tokenLifetimeMinutes * 60_000;

/** A new key that comes too late: the certificate of the old key expires before the signer can have switched. */
function late(rotation: Rotation, input: RotationInput): readonly Finding[] {
  const expiresAt = keyFactsOf(input.source.get(`PublicKeyCertificate:${rotation.oldKey.name}`), input.now)?.certificate
    ?.notAfter;
  if (!expiresAt || rotation.switchedAt !== undefined || rotation.compromised) return [];
  const ready = earliestSwitch(rotation, targetsOf(rotation, input));
  const switched = Math.max(input.now.getTime(), ready?.getTime() ?? input.now.getTime() + leadTime(rotation));
  if (switched <= expiresAt.getTime()) return [];
  const message = `The certificate of ${rotation.oldKey.name} expires at ${formatMoment(expiresAt)}, before the signer can have switched to ${rotation.newKey?.name ?? 'a new key'} (${formatMoment(new Date(switched))}).`;
  return [
    finding(
      rotation,
      'rotation-late',
      'warning',
      message,
      `Take the next step now, or import a new certificate for the old key: ${npmRun('keys', 'import', rotation.oldKey.name, '--from', 'CERTIFICATE')}`,
    ),
  ];
}

const DEFAULT_WAITS = { cacheHours: DEFAULT_CACHE_HOURS, tokenLifetimeMinutes: 60 } as const;

/** A key in use whose certificate expires before a rotation that starts now can finish. */
function unrotated(running: readonly Rotation[], { source, orgs, now }: RotationInput): readonly Finding[] {
  const rotatingKeys = new Set(running.map(({ oldKey }) => oldKey.name));
  return componentsOf(source, 'PublicKeyCertificate').flatMap((key) => {
    const expiresAt = keyFactsOf(key, now)?.certificate?.notAfter;
    const lists = orgs.some(({ components }) => components.has(`PublicKeyCertificate:${key.fullName}`));
    if (!expiresAt || !lists || !isTrueAt(key.root, 'isActive') || rotatingKeys.has(key.fullName)) return [];
    if (expiresAt.getTime() - now.getTime() > leadTime({ delivery: 'endpoint', ...DEFAULT_WAITS })) return [];
    const message = `The certificate of ${key.fullName} expires at ${formatMoment(expiresAt)} and no rotation replaces it. A new key that is staged now may come too late.`;
    return [
      keyFinding(
        key,
        'rotation-missing',
        'warning',
        message,
        `Create a key (${npmRun('keys', 'new', 'NAME', '--private-key', 'FILE')}) and stage it now. See "Replace an expiring certificate" in README.md.`,
      ),
    ];
  });
}

/** Keys that no org gets and no rotation uses. Nothing is known about an org whose file can't be read. */
function unused(running: readonly Rotation[], { source, orgs, allOrgsRead = true }: RotationInput): readonly Finding[] {
  if (!allOrgsRead) return [];
  const rotatingKeys = new Set(running.flatMap(({ oldKey, newKey }) => [oldKey.name, newKey?.name]));
  return componentsOf(source, 'PublicKeyCertificate').flatMap((key) => {
    if (
      rotatingKeys.has(key.fullName) ||
      orgs.some(({ components }) => components.has(`PublicKeyCertificate:${key.fullName}`))
    )
      return [];
    const message = `No org uses the key ${key.fullName}, because no keyset of an org lists it.`;
    return [keyFinding(key, 'key-unused', 'note', message, unusedKeyFix(key, source))];
  });
}

/** A key that a keyset in the source lists can't be deleted alone: the reference would be unresolved. Nor is a keyset without a key valid. */
function unusedKeyFix(key: Component, source: ComponentMap): string {
  const { fullName } = key;
  const keysets = keysetsListing(source, fullName);
  const isOnlyKey = (keyset: Component): boolean => keyNamesOf(keyset).every((name) => name === fullName);
  const names = (only: boolean): readonly string[] =>
    keysets.filter((keyset) => isOnlyKey(keyset) === only).map((keyset) => keyset.fullName);
  const from = names(false).length > 0 ? `remove it from ${joinNames(names(false))} and ` : '';
  const also = names(true).length > 0 ? ` and the file of ${joinNames(names(true))}, which has no other key` : '';
  const removal = `${from}delete its file${also}`;
  // Nobody has the private key of a sample key, so staging one can only lock customers out.
  if (SAMPLE_KEYS.has(keyFactsOf(key)?.thumbprint ?? ''))
    return `${removal.charAt(0).toUpperCase()}${removal.slice(1)}.`;
  return `Stage it: ${npmRun('keys', 'rotate', 'stage', 'KEYSET', '--new-key', fullName)}. Or ${removal}.`;
}

const finding = ({ keyset }: Rotation, rule: string, severity: Severity, message: string, fix: string): Finding => ({
  rule,
  severity,
  component: `PublicKeyCertificateSet:${keyset}`,
  path: '',
  file: rotationFile(keyset),
  line: 0,
  message,
  fix,
});

const keyFinding = (
  { fullName, root }: Component,
  rule: string,
  severity: Severity,
  message: string,
  fix: string,
): Finding => ({
  rule,
  severity,
  component: `PublicKeyCertificate:${fullName}`,
  path: '',
  file: root.origin?.file ?? '',
  line: root.origin?.line ?? 0,
  message,
  fix,
});
