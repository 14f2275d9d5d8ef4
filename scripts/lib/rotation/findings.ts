import { readJwk, type PublicKeyFacts } from '../jwk';
import {
  childrenOf,
  componentsOf,
  isTrueAt,
  textAt,
  type Component,
  type ComponentMap,
  type Desired,
  type Finding,
  type Severity,
} from '../model';
import { rotationFile } from './files';
import { earliestRetirement, earliestSwitch, shownMoment } from './guards';
import { isOver, latestMoment, stageOf, type Rotation } from './rotation';

const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;

/** A rotation that nobody has touched for this long, although its next step could be taken, was forgotten. */
const PATIENCE = 14 * DAY;

/** What `check` looks at beside the rules: the rotations under way, and what they are about. */
export interface RotationInput {
  readonly rotations: readonly Rotation[];
  readonly source: ComponentMap;
  readonly orgs: readonly Desired[];
  readonly now: Date;
}

/** Everything about keys that time brings: stuck rotations, old keys that should be gone, new keys that come too late, unused keys. */
export function rotationFindings(input: RotationInput): readonly Finding[] {
  const running = input.rotations.filter((rotation) => !isOver(rotation));
  return [
    ...running.flatMap((rotation) => overdue(rotation, input) ?? stuck(rotation, input) ?? []),
    ...running.flatMap((rotation) => late(rotation, input)),
    ...unrotated(running, input),
    ...unused(running, input),
  ];
}

/** Places as the configuration has them; of an endpoint keyset, as far as its file knows. */
function placesOf(rotation: Rotation, { orgs }: RotationInput): readonly string[] {
  const names = [rotation.retiring.name, rotation.next?.name];
  const listing = orgs.filter(({ components }) =>
    listedIn(components.get(`PublicKeyCertificateSet:${rotation.keyset}`)).some((name) => names.includes(name)),
  );
  return rotation.delivery === 'uploaded' && listing.length > 0
    ? listing.map(({ org }) => org.alias)
    : Object.keys(rotation.places);
}

/** An old key past its retirement: it could have gone, and whoever has its private half still gets in. */
function overdue(rotation: Rotation, input: RotationInput): readonly Finding[] | undefined {
  const earliest = rotation.compromised ? new Date(rotation.startedAt) : earliestRetirement(rotation);
  if (!earliest || input.now < earliest || ['retired', 'done'].includes(stageOf(rotation, placesOf(rotation, input))))
    return undefined;
  const message = `${rotation.retiring.name} could have been retired since ${shownMoment(earliest)} and is still trusted: whoever holds its private key can sign tokens.`;
  return [
    finding(rotation, 'rotation-overdue', 'warning', message, `Run: npm run keys -- rotate retire ${rotation.keyset}.`),
  ];
}

function stuck(rotation: Rotation, input: RotationInput): readonly Finding[] | undefined {
  const places = placesOf(rotation, input);
  const possible = Math.max(
    latestMoment(rotation).getTime(),
    (earliestSwitch(rotation, places) ?? new Date(0)).getTime(),
  );
  if (input.now.getTime() - possible < PATIENCE) return undefined;
  const days = Math.floor((input.now.getTime() - possible) / DAY);
  const message = `The rotation of ${rotation.keyset} is ${stageOf(rotation, places)}, and nobody has gone on with it for ${days} days.`;
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
  tokenLifeMinutes,
}: Pick<Rotation, 'delivery' | 'cacheHours' | 'tokenLifeMinutes'>): number =>
  (delivery === 'endpoint' ? cacheHours * HOUR : 0) + tokenLifeMinutes * 60_000;

/** A new key that comes too late: the signer cannot have switched before the certificate of the old key ends. */
function late(rotation: Rotation, input: RotationInput): readonly Finding[] {
  const ends = factsOf(input.source.get(`PublicKeyCertificate:${rotation.retiring.name}`), input.now)?.certificate
    ?.notAfter;
  if (!ends || rotation.switchedAt !== undefined || rotation.compromised) return [];
  const ready = earliestSwitch(rotation, placesOf(rotation, input));
  const switched = Math.max(input.now.getTime(), ready?.getTime() ?? input.now.getTime() + leadTime(rotation));
  if (switched <= ends.getTime()) return [];
  const message = `The certificate of ${rotation.retiring.name} ends at ${shownMoment(ends)}, before the signer can have switched to ${rotation.next?.name ?? 'a new key'} (${shownMoment(new Date(switched))}).`;
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

const DEFAULT_WAITS = { cacheHours: 72, tokenLifeMinutes: 60 } as const;

/** A key in use whose certificate ends so soon that a rotation begun now would hardly be through. */
function unrotated(running: readonly Rotation[], { source, orgs, now }: RotationInput): readonly Finding[] {
  const turning = new Set(running.map(({ retiring }) => retiring.name));
  return componentsOf(source, 'PublicKeyCertificate').flatMap((key) => {
    const ends = factsOf(key, now)?.certificate?.notAfter;
    const lists = orgs.some(({ components }) => components.has(`PublicKeyCertificate:${key.fullName}`));
    if (!ends || !lists || !isTrueAt(key.root, 'isActive') || turning.has(key.fullName)) return [];
    if (ends.getTime() - now.getTime() > leadTime({ delivery: 'endpoint', ...DEFAULT_WAITS })) return [];
    const message = `The certificate of ${key.fullName} ends at ${shownMoment(ends)} and no rotation of it is under way: a new key staged now may come too late.`;
    return [
      ofKey(
        key,
        'rotation-missing',
        'warning',
        message,
        'Begin now: npm run keys -- new NAME, then rotate stage. See "The night a certificate ends" in README.md.',
      ),
    ];
  });
}

/** Keys that no org gets and no rotation is about. */
function unused(running: readonly Rotation[], { source, orgs }: RotationInput): readonly Finding[] {
  const named = new Set(running.flatMap(({ retiring, next }) => [retiring.name, next?.name]));
  return componentsOf(source, 'PublicKeyCertificate').flatMap((key) => {
    if (
      named.has(key.fullName) ||
      orgs.some(({ components }) => components.has(`PublicKeyCertificate:${key.fullName}`))
    )
      return [];
    const message = `No org uses the key ${key.fullName}: no keyset that an org gets lists it.`;
    return [
      ofKey(
        key,
        'key-unused',
        'info',
        message,
        `Stage it (npm run keys -- rotate stage KEYSET --key ${key.fullName}), or delete its file.`,
      ),
    ];
  });
}

const listedIn = (keyset: Component | undefined): readonly string[] =>
  (keyset ? childrenOf(keyset.root, 'publicKeyCertificateSetKeys') : []).flatMap(
    (item) => textAt(item, 'publicKeyCertificate') ?? [],
  );

const factsOf = (key: Component | undefined, now: Date): PublicKeyFacts | undefined =>
  key && readJwk(textAt(key.root, 'jsonWebKey') ?? '', now).key;

const finding = ({ keyset }: Rotation, rule: string, severity: Severity, message: string, fix: string): Finding => ({
  ...{ rule, severity, component: `PublicKeyCertificateSet:${keyset}`, path: '', file: rotationFile(keyset), line: 0 },
  message,
  fix,
});

const ofKey = (
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
