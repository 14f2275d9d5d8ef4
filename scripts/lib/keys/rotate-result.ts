import type { Context } from '../cli';
import { EXIT, type ExitCode } from '../errors';
import { keyFactsOf } from '../jwk';
import { issuerOf, keyNamesOf, type OrgResult, type DesiredState } from '../model';
import {
  isDone,
  readRotations,
  formatMoment,
  phaseOf,
  type StepRefusal,
  type Rotation,
  type StepResult,
  earliestRetirement,
  earliestSwitch,
  type TargetResult,
} from '../rotation';
import { orgKeyset, type KeyProject } from './keyset';
import type { RotateFlags } from './flags';
import { serializeDocument, formatError, styled, wrap, type TextLayout as targets } from '../report';

/** Shows what became of a step, and what comes next. */
export function finishStep(
  context: Context<RotateFlags>,
  result: StepResult,
  project: KeyProject,
  orgs: readonly OrgResult[],
): ExitCode {
  const { flags, layout: page, print, printJson } = context;
  const { rotation, refusal, targets: targets } = result;
  if (targets.length > 0) print(layout(page, targets));
  if (refusal) print(`\n${refusalText(page, refusal)}`);
  const names = targetNames(rotation, result, project);
  if (!refusal) print(`\n${nextStepText(rotation, names)}`);
  if (isReadyToSwitch(rotation, names) && !refusal) print(`\n${signerInstructions(rotation, project)}`);
  const exitCode = stepExitCode(flags, result);
  printJson(
    JSON.stringify(
      {
        ...{ command: `keys rotate ${flags.step}`, exitCode, findings: [], orgs, rotation, places: targets },
        stage: phaseOf(rotation, names),
        ...(refusal && { error: refusalError(refusal) }),
      },
      null,
      2,
    ),
  );
  return exitCode;
}

const refusalError = ({ why, fix, earliest }: StepRefusal): object => ({
  ...{ code: 'too-early', what: 'The step is not taken yet; nothing was changed.', why, fix },
  ...(earliest && { earliest: earliest.toISOString() }),
});

/** A step that was refused or failed somewhere ends with 1; one that waits for somebody else with 2. */
function stepExitCode({ step, confirm }: RotateFlags, { refusal, targets, rotation }: StepResult): ExitCode {
  if (refusal || targets.some(({ result }) => result === 'failed' || result === 'skipped')) return EXIT.failed;
  if (step === 'switch') return confirm || rotation.switchedAt !== undefined ? EXIT.done : EXIT.changes;
  return targets.some(({ result }) => result === 'waiting') ? EXIT.changes : EXIT.done;
}

const targetNames = (rotation: Rotation, { targets }: StepResult, project: KeyProject): readonly string[] =>
  targets.length > 0 ? targets.map(({ target }) => target.name) : knownTargets(rotation, project);

/** The places of a rotation as far as configuration and file tell. */
function knownTargets(rotation: Rotation, { orgs }: KeyProject): readonly string[] {
  const rotationKeys = [rotation.oldKey.name, rotation.newKey?.name];
  const listing = orgs.filter((desired) =>
    keyNamesOf(orgKeyset(desired, rotation.keyset)).some((name) => rotationKeys.includes(name)),
  );
  const names = rotation.delivery === 'uploaded' ? listing.map(({ org }) => org.alias) : [];
  return names.length > 0 ? names : Object.keys(rotation.targets);
}

const isReadyToSwitch = (rotation: Rotation, targets: readonly string[]): boolean =>
  rotation.switchedAt === undefined &&
  rotation.newKey !== undefined &&
  targets.length > 0 &&
  targets.every((target) => rotation.targets[target]?.stagedAt !== undefined);

function signerInstructions(rotation: Rotation, { orgs, source }: KeyProject): string {
  const alg = keyFactsOf(source.components.get(`PublicKeyCertificate:${rotation.newKey?.name ?? ''}`))?.alg ?? 'RS256';
  // With uploaded keys an org may override the keyset with keys of its own; only those of the rotation are told of.
  const trusting = orgs.filter((desired) =>
    rotation.delivery === 'uploaded'
      ? Object.hasOwn(rotation.targets, desired.org.alias)
      : orgKeyset(desired, rotation.keyset) !== undefined,
  );
  return signerText(rotation, trusting, alg);
}

/** Shows every rotation, or that of one keyset, from its file alone. */
export function showStatus({ flags, print, printJson }: Context<RotateFlags>, project: KeyProject): ExitCode {
  const { rotations, findings } = readRotations(project.folder);
  const shown = rotations.filter(({ keyset }) => flags.name === '' || keyset === flags.name);
  shown.forEach((rotation) => print(statusText(rotation, project)));
  if (shown.length === 0) print('No key is being rotated.');
  findings.forEach(({ file, message }) => print(`${file}: ${message}`));
  const exitCode = findings.length > 0 ? EXIT.invalid : shown.every(isDone) ? EXIT.done : EXIT.changes;
  printJson(serializeDocument({ command: 'keys rotate status', exitCode, findings, rotations: shown }));
  return exitCode;
}

function statusText(rotation: Rotation, project: KeyProject): string {
  const { keyset, oldKey, newKey, switchedAt, compromised } = rotation;
  const names = knownTargets(rotation, project);
  const targetLines = names.map((name) => {
    const moments = formatRecord(rotation.targets[name]);
    return `  ${name.padEnd(12)} ${moments.join(', ') || 'nothing yet'}`;
  });
  const title = `${keyset}: ${oldKey.name} -> ${newKey?.name ?? '?'}${compromised ? ', compromised' : ''}, ${phaseOf(rotation, names)}`;
  const since = switchedAt === undefined ? [] : [`  signer switched by ${formatMoment(new Date(switchedAt))}`];
  return [title, ...targetLines, ...since, nextStepText(rotation, names), ''].join('\n');
}

const formatRecord = (record: Rotation['targets'][string] = {}): readonly string[] =>
  Object.entries(record).flatMap(([step, at]: [string, string | undefined]) =>
    at === undefined ? [] : [`${step.replace('At', '')} ${formatMoment(new Date(at))}`],
  );

/** How each place came out of a step. */
export function layout(page: targets, places: readonly TargetResult[]): string {
  return places
    .map(({ target, result, error }) => {
      const line = `${styled(page, 'bold', target.name.padEnd(12))} wave ${target.wave}  ${result}`;
      return error ? `${line}\n${formatError(page, error)}` : line;
    })
    .join('\n');
}

export const refusalText = (layout: targets, { why, fix, earliest }: StepRefusal): string =>
  [
    wrap(layout, '  ', 'Not yet: nothing was changed. (out-of-turn)'),
    wrap(layout, '  ', `Why: ${why}`),
    ...(earliest ? [wrap(layout, '  ', `Earliest moment: ${formatMoment(earliest)}.`)] : []),
    wrap(layout, '  ', `Fix: ${fix}`),
  ].join('\n');

/** What is to be done next, and from when on. */
export function nextStepText(rotation: Rotation, targets: readonly string[]): string {
  const { keyset, delivery, newKey, compromised } = rotation;
  const run = (step: string): string => `npm run keys -- rotate ${step} ${keyset}`;
  const publish =
    delivery === 'endpoint' ? `Publish the new document first: npm run keys -- jwks ${keyset} --out FILE.\n` : '';
  if (!newKey) return `Next: make a key (npm run keys -- new NAME), then ${run('stage')} --new-key NAME`;
  switch (
    compromised && targets.some((target) => rotation.targets[target]?.stagedAt === undefined)
      ? 'staging'
      : phaseOf(rotation, targets)
  ) {
    case 'staging':
      return `${publish}Next: ${run(targets.some((place) => rotation.targets[place]?.stagedAt !== undefined) ? 'check' : 'stage')}`;
    case 'staged':
      return `Next, from ${formatMoment(earliestSwitch(rotation, targets) ?? new Date())} on: the signer switches, as below. Then ${run('switch')} --confirm`;
    case 'switched':
      return `Next, from ${formatMoment(earliestRetirement(rotation) ?? new Date())} on: ${run('retire')}`;
    case 'retiring':
      return `${publish}Next: ${run('retire')}, until every place is through.`;
    case 'retired':
      return `Next, when you like: ${run('delete')}`;
    case 'done':
      return 'The rotation is over.';
  }
}

/** Exactly what the owner of the signer has to change, and what not. */
export function signerText({ oldKey, newKey, keyset }: Rotation, orgs: readonly DesiredState[], alg: string): string {
  const issuers = orgs.flatMap((desired) => {
    const set = orgKeyset(desired, keyset);
    return set ? [`    ${desired.org.alias}: "iss": "${issuerOf(set) ?? ''}"`] : [];
  });
  return [
    'What the signer changes:',
    `  sign with the private key of ${newKey?.name ?? ''} instead of that of ${oldKey.name}`,
    `  header "kid": "${newKey?.kid ?? ''}"    (until now "${oldKey.kid}")`,
    `  header "alg": "${alg}"`,
    'What stays as it is: "sub", and the issuer, letter for letter:',
    ...issuers,
  ].join('\n');
}
