import type { Context } from '../cli';
import { EXIT, type ExitCode } from '../errors';
import { keyFactsOf } from '../jwk';
import { issuerOf, keyNamesOf, type OrgResult, type DesiredState, npmRun } from '../model';
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
import { serializeDocument, formatError, tableText, wrap, type TextLayout } from '../report';

/** Prints the result of a step and the next one. Returns the exit code. */
export function finishStep(
  context: Context<RotateFlags>,
  result: StepResult,
  project: KeyProject,
  orgs: readonly OrgResult[],
): ExitCode {
  const { flags, layout, print, printJson } = context;
  const { rotation, refusal, targets } = result;
  if (targets.length > 0) print(targetsText(layout, targets));
  if (refusal) print(`\n${refusalText(layout, refusal)}`);
  const names = targetNames(rotation, result, project);
  if (!refusal) print(`\n${wrapIndented(layout, nextStepText(rotation, names))}`);
  if (isReadyToSwitch(rotation, names) && !refusal)
    print(`\n${wrapIndented(layout, signerInstructions(rotation, project))}`);
  const exitCode = stepExitCode(flags, result);
  printJson(
    JSON.stringify(
      {
        command: `keys rotate ${flags.step}`,
        exitCode,
        findings: [],
        orgs,
        rotation,
        targets,
        stage: phaseOf(rotation, names),
        ...(refusal && { error: refusalError(refusal) }),
      },
      null,
      2,
    ),
  );
  return exitCode;
}

/** A refusal as an error. Its code says whether waiting is enough. */
const refusalError = ({ why, fix, earliest }: StepRefusal) => ({
  code: earliest ? 'too-early' : 'invalid-rotation',
  what: earliest
    ? "It's too early for this step. Nothing was changed."
    : "The step can't be taken. Nothing was changed.",
  why,
  fix,
  ...(earliest && { earliest: earliest.toISOString() }),
});

/** 1 for a step that was refused or failed in a target, 4 if a target didn't answer, 2 for a step that waits for another person. */
function stepExitCode({ step, confirm }: RotateFlags, { refusal, targets, rotation }: StepResult): ExitCode {
  if (refusal) return refusal.unreachable === true ? EXIT.unreachable : EXIT.failed;
  const results = new Set(targets.map(({ result }) => result));
  if (results.has('failed') || results.has('unknown')) return EXIT.failed;
  if (results.has('unreachable')) return EXIT.unreachable;
  if (results.has('skipped')) return EXIT.failed;
  if (step === 'switch') return confirm || rotation.switchedAt !== undefined ? EXIT.done : EXIT.changes;
  return results.has('waiting') ? EXIT.changes : EXIT.done;
}

const targetNames = (rotation: Rotation, { targets }: StepResult, project: KeyProject): readonly string[] =>
  targets.length > 0 ? targets.map(({ target }) => target.name) : knownTargets(rotation, project);

/** The targets of a rotation, from the project and its rotation file. */
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
  // An org may override the keyset with its own keys, so only the targets of the rotation count.
  const trusting = orgs.filter((desired) =>
    rotation.delivery === 'uploaded'
      ? Object.hasOwn(rotation.targets, desired.org.alias)
      : orgKeyset(desired, rotation.keyset) !== undefined,
  );
  return signerText(rotation, trusting, alg);
}

/** Prints every rotation, or that of one keyset, without reading a target. */
export function showStatus({ flags, layout, print, printJson }: Context<RotateFlags>, project: KeyProject): ExitCode {
  const { rotations, findings } = readRotations(project.folder);
  const shown = rotations.filter(({ keyset }) => flags.name === '' || keyset === flags.name);
  shown.forEach((rotation) => print(statusText(layout, rotation, project)));
  if (shown.length === 0) print('No rotation is running.');
  findings.forEach(({ file, message }) => print(`${file}: ${message}`));
  const exitCode = findings.length > 0 ? EXIT.invalid : shown.every(isDone) ? EXIT.done : EXIT.changes;
  printJson(serializeDocument({ command: 'keys rotate status', exitCode, findings, rotations: shown }));
  return exitCode;
}

function statusText(layout: TextLayout, rotation: Rotation, project: KeyProject): string {
  const { keyset, oldKey, newKey, switchedAt, compromised } = rotation;
  const names = knownTargets(rotation, project);
  const rows = names.map((name) => [
    { text: `  ${name}` },
    { text: formatRecord(rotation.targets[name]).join(', ') || 'not staged' },
  ]);
  const title = `${keyset}: ${oldKey.name} -> ${newKey?.name ?? '?'}${compromised ? ', compromised' : ''}, ${phaseOf(rotation, names)}`;
  const since = switchedAt === undefined ? [] : [`  switch confirmed at ${formatMoment(new Date(switchedAt))}`];
  const next = wrapIndented(layout, nextStepText(rotation, names));
  return [wrap(layout, '  ', title, ''), tableText(layout, rows), ...since, next, ''].join('\n');
}

/** Wraps the lines of a text and keeps their indents. */
const wrapIndented = (layout: TextLayout, text: string): string =>
  text.replace(/^( *)(.*)$/gm, (_, indent: string, line: string) => wrap(layout, `${indent}  `, line, indent));

const formatRecord = (record: Rotation['targets'][string] = {}): readonly string[] =>
  Object.entries(record).flatMap(([step, at]: [string, string | undefined]) =>
    at === undefined ? [] : [`${step.replace('At', '')} ${formatMoment(new Date(at))}`],
  );

/** The result of a step in each target, and then the errors. */
function targetsText(layout: TextLayout, targets: readonly TargetResult[]): string {
  const rows = targets.map(({ target, result }) => [
    { text: target.name, style: 'bold' as const },
    { text: `wave ${target.wave}` },
    { text: result },
  ]);
  const errors = targets.flatMap(({ error }) => (error ? [formatError(layout, error)] : []));
  return [tableText(layout, rows), ...errors].join('\n');
}

function refusalText(layout: TextLayout, refusal: StepRefusal): string {
  const { code, what, why, fix } = refusalError(refusal);
  const { earliest } = refusal;
  return [
    wrap(layout, '  ', `Error (${code}): ${what}`),
    wrap(layout, '  ', `Why: ${why}`),
    ...(earliest ? [wrap(layout, '  ', `Earliest time: ${formatMoment(earliest)}`)] : []),
    wrap(layout, '  ', `Fix: ${fix}`),
  ].join('\n');
}

/** The next step, and the earliest moment for it. */
function nextStepText(rotation: Rotation, targets: readonly string[]): string {
  const { keyset, delivery, newKey, compromised } = rotation;
  const run = (step: string, ...flags: readonly string[]): string => npmRun('keys', 'rotate', step, keyset, ...flags);
  const publish =
    delivery === 'endpoint'
      ? `Publish the new document first: ${npmRun('keys', 'jwks', keyset, '--out', 'FILE')}\n`
      : '';
  if (!newKey)
    return `Next: create a key (${npmRun('keys', 'new', 'NAME', '--private-key', 'FILE')}), then run: ${run('stage', '--new-key', 'NAME')}`;
  switch (
    compromised && targets.some((target) => rotation.targets[target]?.stagedAt === undefined)
      ? 'staging'
      : phaseOf(rotation, targets)
  ) {
    case 'staging':
      return `${publish}Next: ${run(targets.some((target) => rotation.targets[target]?.stagedAt !== undefined) ? 'check' : 'stage')}`;
    case 'staged':
      return `Next, from ${formatMoment(earliestSwitch(rotation, targets) ?? new Date())} on: switch the signer as described below, then run: ${run('switch', '--confirm')}`;
    case 'switched':
      return `Next, from ${formatMoment(earliestRetirement(rotation) ?? new Date())} on: ${run('retire')}`;
    case 'retiring':
      return `${publish}Next: ${run('retire')} (repeat until the key is retired in every target)`;
    case 'retired':
      return `Next, at any time: ${run('delete')}`;
    case 'done':
      return 'The rotation is complete.';
  }
}

/** Lists the values that the owner of the signer changes, and those that stay. */
function signerText({ oldKey, newKey, keyset }: Rotation, orgs: readonly DesiredState[], alg: string): string {
  const issuers = orgs.flatMap((desired) => {
    const set = orgKeyset(desired, keyset);
    return set ? [`    ${desired.org.alias}: "iss": "${issuerOf(set) ?? ''}"`] : [];
  });
  return [
    'Changes in the signer:',
    `  Sign with the private key of ${newKey?.name ?? ''} instead of ${oldKey.name}.`,
    `  header "kid": "${newKey?.kid ?? ''}" (before: "${oldKey.kid}")`,
    `  header "alg": "${alg}"`,
    'Unchanged: "sub" and the exact issuer:',
    ...issuers,
  ].join('\n');
}
