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
} from '../model';
import { rotationFile } from './files';
import { earliestRetirement, earliestSwitch, formatMoment } from './guards';
import { isDone, latestMoment, phaseOf, type Rotation } from './rotation';

const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;

/** A rotation that nobody has touched for this long, although its next step could be taken, was forgotten. */
const STUCK_AFTER_MS = 14 * DAY;

/** What `check` looks at beside the rules: the rotations under way, and what they are about. */
export interface RotationInput {
  readonly rotations: readonly Rotation[];
  readonly source: ComponentMap;
  readonly orgs: readonly DesiredState[];
  /** Whether `orgs` has every org of the project. Default: true. */
  readonly allOrgsRead?: boolean;
  readonly now: Date;
}

/** Everything about keys that time brings: stuck rotations, old keys that should be gone, new keys that come too late, unused keys. */
export function rotationFindings(input: RotationInput): readonly Finding[] {
  const running = input.rotations.filter((rotation) => !isDone(rotation));
  return [
    ...running.flatMap((rotation) => overdue(rotation, input) ?? stuck(rotation, input) ?? []),
    ...running.flatMap((rotation) => late(rotation, input)),
    ...unrotated(running, input),
    ...unused(running, input),
  ];
}

/** Places as the configuration has them; of an endpoint keyset, as far as its file knows. */
function targetsOf(rotation: Rotation, { orgs }: RotationInput): readonly string[] {
  const names = [rotation.oldKey.name, rotation.newKey?.name];
  const listing = orgs.filter(({ components }) =>
    keyNamesOf(components.get(`PublicKeyCertificateSet:${rotation.keyset}`)).some((name) => names.includes(name)),
  );
  return rotation.delivery === 'uploaded' && listing.length > 0
    ? listing.map(({ org }) => org.alias)
    : Object.keys(rotation.targets);
}

/** An old key past its retirement: it could have gone, and whoever has its private half still gets in. */
function overdue(rotation: Rotation, input: RotationInput): readonly Finding[] | undefined {
  const earliest = rotation.compromised ? new Date(rotation.startedAt) : earliestRetirement(rotation);
  if (!earliest || input.now < earliest || ['retired', 'done'].includes(phaseOf(rotation, targetsOf(rotation, input))))
    return undefined;
  const message = `${rotation.oldKey.name} could have been retired since ${formatMoment(earliest)} and is still trusted: whoever holds its private key can sign tokens.`;
  return [
    finding(rotation, 'rotation-overdue', 'warning', message, `Run: npm run keys -- rotate retire ${rotation.keyset}.`),
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
  const message = `The rotation of ${rotation.keyset} is ${phaseOf(rotation, targets)}, and nobody has gone on with it for ${days} days.`;
  return [
    finding(
      rotation,
      'rotation-stuck',
      'warning',
      message,
      `See what is next: npm run keys -- rotate status ${rotation.keyset}.`,
    ),
  ];
}

/** What is left to wait for before the signer can have switched. */
const leadTime = ({
  delivery,
  cacheHours,
  tokenLifetimeMinutes,
}: Pick<Rotation, 'delivery' | 'cacheHours' | 'tokenLifetimeMinutes'>): number =>
  (delivery === 'endpoint' ? cacheHours * HOUR : 0) + tokenLifetimeMinutes * 60_000;

/** A new key that comes too late: the signer cannot have switched before the certificate of the old key ends. */
function late(rotation: Rotation, input: RotationInput): readonly Finding[] {
  const expiresAt = keyFactsOf(input.source.get(`PublicKeyCertificate:${rotation.oldKey.name}`), input.now)?.certificate
    ?.notAfter;
  if (!expiresAt || rotation.switchedAt !== undefined || rotation.compromised) return [];
  const ready = earliestSwitch(rotation, targetsOf(rotation, input));
  const switched = Math.max(input.now.getTime(), ready?.getTime() ?? input.now.getTime() + leadTime(rotation));
  if (switched <= expiresAt.getTime()) return [];
  const message = `The certificate of ${rotation.oldKey.name} ends at ${formatMoment(expiresAt)}, before the signer can have switched to ${rotation.newKey?.name ?? 'a new key'} (${formatMoment(new Date(switched))}).`;
  return [
    finding(
      rotation,
      'rotation-late',
      'warning',
      message,
      'Go on at once; or renew the certificate of the old key: npm run keys -- import with a new certificate for the same pair.',
    ),
  ];
}

const DEFAULT_WAITS = { cacheHours: 72, tokenLifetimeMinutes: 60 } as const;

/** A key in use whose certificate ends so soon that a rotation begun now would hardly be through. */
function unrotated(running: readonly Rotation[], { source, orgs, now }: RotationInput): readonly Finding[] {
  const rotatingKeys = new Set(running.map(({ oldKey }) => oldKey.name));
  return componentsOf(source, 'PublicKeyCertificate').flatMap((key) => {
    const expiresAt = keyFactsOf(key, now)?.certificate?.notAfter;
    const lists = orgs.some(({ components }) => components.has(`PublicKeyCertificate:${key.fullName}`));
    if (!expiresAt || !lists || !isTrueAt(key.root, 'isActive') || rotatingKeys.has(key.fullName)) return [];
    if (expiresAt.getTime() - now.getTime() > leadTime({ delivery: 'endpoint', ...DEFAULT_WAITS })) return [];
    const message = `The certificate of ${key.fullName} ends at ${formatMoment(expiresAt)} and no rotation of it is under way: a new key staged now may come too late.`;
    return [
      keyFinding(
        key,
        'rotation-missing',
        'warning',
        message,
        'Begin now: npm run keys -- new NAME, then rotate stage. See "The night a certificate ends" in README.md.',
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

/** A key that a keyset in the source lists can't be deleted alone: the reference would be unresolved. */
function unusedKeyFix({ fullName }: Component, source: ComponentMap): string {
  const keysets = keysetsListing(source, fullName).map((keyset) => keyset.fullName);
  const removal = keysets.length > 0 ? `remove it from ${joinNames(keysets)} and delete its file` : 'delete its file';
  return `Stage it: npm run keys -- rotate stage <keyset> --new-key ${fullName}. Or ${removal}.`;
}

const finding = ({ keyset }: Rotation, rule: string, severity: Severity, message: string, fix: string): Finding => ({
  ...{ rule, severity, component: `PublicKeyCertificateSet:${keyset}`, path: '', file: rotationFile(keyset), line: 0 },
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
  ...{ rule, severity, component: `PublicKeyCertificate:${fullName}`, path: '' },
  ...{ file: root.origin?.file ?? '', line: root.origin?.line ?? 0 },
  message,
  fix,
});
