import { EXIT, ToolError } from '../errors';
import { childrenOf, componentsOf, elementAt, isTrueAt, textAt, type Component } from '../model';
import { isOver, readRotations, type KeyName, type Rotation } from '../rotation';
import { factsOf } from './collisions';
import type { RotateFlags } from './flags';
import { isEndpoint, keyOfSource, keysetIn, keysetOf, keysOf, type KeyProject } from './keyset';

const DEFAULT_CACHE_HOURS = 72;
const DEFAULT_LIFE = 60;

/** The rotation of a keyset as its file has it; undefined where there is none. Throws when the file is broken. */
export function rotationOf(project: KeyProject, keyset: string): Rotation | undefined {
  const { rotations, findings } = readRotations(project.folder);
  const broken = findings.find(({ file }) => file.endsWith(`/${keyset}.json`));
  if (broken) throw outOfTurn(broken.message, `${broken.file} is broken.`, broken.fix);
  return rotations.find((rotation) => rotation.keyset === keyset);
}

/** The rotation that a step is about: the one under way, or for `stage` and `retire --compromised` a new one. */
export function rotationFor(project: KeyProject, flags: RotateFlags, now: Date): Rotation {
  const known = rotationOf(project, flags.name);
  const running = known && !isOver(known) ? known : undefined;
  const begins = flags.step === 'stage' || (flags.step === 'retire' && flags.compromised);
  if (running) return continued(project, running, flags);
  if (begins) return begun(project, flags, now);
  if (known) return known;
  throw outOfTurn(
    `No key of ${flags.name} is being rotated.`,
    'There is no file of it in config/rotations.',
    `Begin with: npm run keys -- rotate stage ${flags.name} --key NAME.`,
  );
}

/** Flags may finish what was begun, never turn it into something else. */
function continued(
  project: KeyProject,
  rotation: Rotation,
  { key, replaces, compromised, step }: RotateFlags,
): Rotation {
  if (replaces !== undefined && replaces !== rotation.retiring.name) throw another(rotation);
  if (key !== undefined && rotation.next !== undefined && key !== rotation.next.name) throw another(rotation);
  if (key !== undefined && key === rotation.retiring.name) throw another(rotation);
  const next = rotation.next ?? (key === undefined ? undefined : nameOf(project, key));
  const known = {
    ...rotation,
    ...(next && { next }),
    compromised: rotation.compromised || (step === 'retire' && compromised),
  };
  if (step === 'stage' && !known.next) throw noKey(rotation.keyset);
  return known;
}

function begun(project: KeyProject, flags: RotateFlags, now: Date): Rotation {
  const keyset = keysetOf(project.source.components, flags.name);
  if (flags.step === 'stage' && flags.key === undefined) throw noKey(flags.name);
  const next = flags.key === undefined ? undefined : nameOf(project, flags.key);
  const retiring = nameOf(project, flags.replaces ?? onlyOther(project, keyset, flags.key));
  if (next && (next.name === retiring.name || next.thumbprint === retiring.thumbprint || next.kid === retiring.kid)) {
    throw outOfTurn(
      `${next.name} is no successor of ${retiring.name}.`,
      'Both are the same key, or have the same kid.',
      'Make a new pair: npm run keys -- new NAME.',
    );
  }
  return {
    ...{ keyset: flags.name, delivery: isEndpoint(keyset) ? 'endpoint' : 'uploaded', retiring, ...(next && { next }) },
    compromised: flags.compromised && flags.step === 'retire',
    tokenLifeMinutes: Math.max(flags.tokenLife ?? 0, longestLife(project, flags.name)),
    cacheHours: flags.cacheHours ?? DEFAULT_CACHE_HOURS,
    startedAt: now.toISOString(),
    places: {},
  };
}

/** The one other active key of a keyset is the one to replace; more than one is for a person to choose from. */
function onlyOther({ source, orgs }: KeyProject, keyset: Component, key: string | undefined): string {
  const listed = new Set([keyset, ...orgs.map((org) => keysetIn(org, keyset.fullName))].flatMap(keysOf));
  const others = [...listed].filter((name) => {
    const found = source.components.get(`PublicKeyCertificate:${name}`);
    return name !== key && found !== undefined && isTrueAt(found.root, 'isActive');
  });
  const [only] = others;
  if (only !== undefined && others.length === 1) return only;
  const why = others.length === 0 ? 'The keyset lists no other active key.' : `The keyset lists ${others.join(', ')}.`;
  throw outOfTurn('Which key is to be replaced is not clear.', why, 'Name it: --replaces NAME.');
}

function nameOf({ source }: KeyProject, name: string): KeyName {
  const facts = factsOf(keyOfSource(source.components, name));
  if (facts?.kid !== undefined) return { name, kid: facts.kid, thumbprint: facts.thumbprint };
  throw outOfTurn(
    `The key ${name} cannot be read.`,
    'It has no kid, or no usable numbers.',
    'See what is wrong with it: npm run check.',
  );
}

/**
 * The longest life that a channel gives to a verified session of this keyset. The tokens of the signer may live longer;
 * only their owner knows, and says so with --token-life.
 */
function longestLife({ orgs }: KeyProject, keyset: string): number {
  const channels = orgs
    .flatMap(({ components }) => componentsOf(components, 'MessagingChannel'))
    .filter((channel) => trusts(channel, keyset));
  const lives = channels.map(({ root }) =>
    Number(textAt(root, 'embeddedConfig.verifiedUserJwtExpirationTime') ?? DEFAULT_LIFE),
  );
  return Math.max(DEFAULT_LIFE, ...lives.filter((life) => Number.isInteger(life)));
}

/** Whether a channel verifies customers with a keyset. */
export function trusts({ root }: Component, keyset: string): boolean {
  const config = elementAt(root, 'embeddedConfig');
  const authorizations = config ? childrenOf(config, 'messagingAuthorizations') : [];
  return authorizations.some((item) => textAt(item, 'publicKeyCertificateSetName') === keyset);
}

export const outOfTurn = (what: string, why: string, fix: string): ToolError =>
  new ToolError('out-of-turn', { what, why, fix }, { exit: EXIT.failed });

const noKey = (keyset: string): ToolError =>
  outOfTurn(
    'There is no new key to stage.',
    'A rotation replaces one key by another.',
    `Make one (npm run keys -- new NAME), then: npm run keys -- rotate stage ${keyset} --key NAME.`,
  );

const another = ({ keyset, retiring, next }: Rotation): ToolError =>
  outOfTurn(
    `Another rotation of ${keyset} is under way.`,
    `${retiring.name} is being replaced${next ? ` by ${next.name}` : ''}, and a keyset has one rotation at a time.`,
    'Finish it first: npm run keys -- rotate status.',
  );
