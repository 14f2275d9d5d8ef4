import type { Context } from '../cli';
import { EXIT, type ExitCode } from '../errors';
import type { Outcome } from '../model';
import { isOver, readRotations, shownMoment, stageOf, type Refusal, type Rotation, type StepResult } from '../rotation';
import { factsOf } from './collisions';
import type { RotateFlags } from './flags';
import { keysetIn, keysOf, type KeyProject } from './keyset';
import { nextText, placesText, refusalText, signerText } from './rotation-text';

/** Shows what became of a step, and what comes next. */
export function finishStep(
  context: Context<RotateFlags>,
  result: StepResult,
  project: KeyProject,
  orgs: readonly Outcome[],
): ExitCode {
  const { flags, page, show, document } = context;
  const { rotation, refusal, places } = result;
  if (places.length > 0) show(placesText(page, places));
  if (refusal) show(`\n${refusalText(page, refusal)}`);
  const names = placeNames(rotation, result, project);
  if (!refusal) show(`\n${nextText(rotation, names)}`);
  if (isForSigner(rotation, names) && !refusal) show(`\n${signerOf(rotation, project)}`);
  const exitCode = exitOf(flags, result);
  document(
    JSON.stringify(
      {
        ...{ command: `keys rotate ${flags.step}`, exitCode, findings: [], orgs, rotation, places },
        stage: stageOf(rotation, names),
        ...(refusal && { error: errorOf(refusal) }),
      },
      null,
      2,
    ),
  );
  return exitCode;
}

const errorOf = ({ why, fix, earliest }: Refusal): object => ({
  ...{ code: 'out-of-turn', what: 'The step is not taken yet; nothing was changed.', why, fix },
  ...(earliest && { earliest: earliest.toISOString() }),
});

/** A step that was refused or failed somewhere ends with 1; one that waits for somebody else with 2. */
function exitOf({ step, switched }: RotateFlags, { refusal, places, rotation }: StepResult): ExitCode {
  if (refusal || places.some(({ result }) => result === 'failed' || result === 'skipped')) return EXIT.failed;
  if (step === 'switch') return switched || rotation.switchedAt !== undefined ? EXIT.done : EXIT.changes;
  return places.some(({ result }) => result === 'waiting') ? EXIT.changes : EXIT.done;
}

const placeNames = (rotation: Rotation, { places }: StepResult, project: KeyProject): readonly string[] =>
  places.length > 0 ? places.map(({ place }) => place.name) : knownPlaces(rotation, project);

/** The places of a rotation as far as configuration and file tell. */
function knownPlaces(rotation: Rotation, { orgs }: KeyProject): readonly string[] {
  const turning = [rotation.retiring.name, rotation.next?.name];
  const listing = orgs.filter((desired) =>
    keysOf(keysetIn(desired, rotation.keyset)).some((name) => turning.includes(name)),
  );
  const names = rotation.delivery === 'uploaded' ? listing.map(({ org }) => org.alias) : [];
  return names.length > 0 ? names : Object.keys(rotation.places);
}

const isForSigner = (rotation: Rotation, places: readonly string[]): boolean =>
  rotation.switchedAt === undefined &&
  rotation.next !== undefined &&
  places.length > 0 &&
  places.every((place) => rotation.places[place]?.stagedAt !== undefined);

function signerOf(rotation: Rotation, { orgs, source }: KeyProject): string {
  const alg = factsOf(source.components.get(`PublicKeyCertificate:${rotation.next?.name ?? ''}`))?.alg ?? 'RS256';
  // With uploaded keys an org may override the keyset with keys of its own; only those of the rotation are told of.
  const trusting = orgs.filter((desired) =>
    rotation.delivery === 'uploaded'
      ? Object.hasOwn(rotation.places, desired.org.alias)
      : keysetIn(desired, rotation.keyset) !== undefined,
  );
  return signerText(rotation, trusting, alg);
}

/** Shows every rotation, or that of one keyset, from its file alone. */
export function showStatus({ flags, show, document }: Context<RotateFlags>, project: KeyProject): ExitCode {
  const { rotations, findings } = readRotations(project.folder);
  const shown = rotations.filter(({ keyset }) => flags.name === '' || keyset === flags.name);
  shown.forEach((rotation) => show(statusText(rotation, project)));
  if (shown.length === 0) show('No key is being rotated.');
  findings.forEach(({ file, message }) => show(`${file}: ${message}`));
  const exitCode = findings.length > 0 ? EXIT.invalid : shown.every(isOver) ? EXIT.done : EXIT.changes;
  document(JSON.stringify({ command: 'keys rotate status', exitCode, findings, rotations: shown }, null, 2));
  return exitCode;
}

function statusText(rotation: Rotation, project: KeyProject): string {
  const { keyset, retiring, next, switchedAt, compromised } = rotation;
  const names = knownPlaces(rotation, project);
  const places = names.map((name) => {
    const known = momentsOf(rotation.places[name]);
    return `  ${name.padEnd(12)} ${known.join(', ') || 'nothing yet'}`;
  });
  const title = `${keyset}: ${retiring.name} -> ${next?.name ?? '?'}${compromised ? ', compromised' : ''}, ${stageOf(rotation, names)}`;
  const since = switchedAt === undefined ? [] : [`  signer switched by ${shownMoment(new Date(switchedAt))}`];
  return [title, ...places, ...since, nextText(rotation, names), ''].join('\n');
}

const momentsOf = (record: Rotation['places'][string] = {}): readonly string[] =>
  Object.entries(record).flatMap(([step, at]: [string, string | undefined]) =>
    at === undefined ? [] : [`${step.replace('At', '')} ${shownMoment(new Date(at))}`],
  );
