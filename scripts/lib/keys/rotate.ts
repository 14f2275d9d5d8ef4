import { npmRun } from '../model';
import type { Context } from '../cli';
import { invalidFlagError, type ExitCode, type ToolError } from '../errors';
import { serializeDocument } from '../report/result-document';
import { exitCodeOf } from '../rollout/org-result';
import {
  deleteKey,
  retire,
  stage,
  checkStaged,
  confirmSwitch,
  type TargetState,
  type Rotation,
  type StepResult,
  type RotationBackend,
} from '../rotation';
import { SAMPLE_KEYS } from '../rules/sample-keys';
import { Sf, type CliWorkerPool } from '../sf';
import { rotationError, rotationForStep } from './start-rotation';
import { EndpointBackend } from './endpoint-backend';
import type { RotateFlags, RotateStep } from './flags';
import { type UseWorkers, readKeyProject, type KeyProject } from './keyset';
import { blockingFindings, otherKeysets } from './step-checks';
import { OrgBackend } from './org-backend';
import { showFindings } from './show-key';
import { finishStep, showStatus } from './rotate-result';

/** Runs one step of a rotation. Every step is safe to rerun: it reads the targets and does what is left. */
export async function runRotate(context: Context<RotateFlags>, useWorkers: UseWorkers): Promise<ExitCode> {
  const { flags } = context;
  assertFlags(flags);
  assertUsedFlags(flags);
  const project = readKeyProject(flags.project);
  if (flags.step === 'status') return showStatus(context, project);
  const rotation = rotationForStep(project, flags, context.now);
  if (flags.step === 'stage' && SAMPLE_KEYS.has(rotation.newKey?.thumbprint ?? ''))
    context.print(sampleKeyWarning(rotation.newKey?.name ?? ''));
  if (rotation.delivery === 'endpoint') {
    if (flags.dryRun === true) throw endpointDryRunError(rotation);
    return rotateAtEndpoint(context, project, rotation);
  }
  return useWorkers((workers) => rotateInOrgs(context, project, rotation, workers));
}

const sampleKeyWarning = (name: string): string =>
  `Warning: ${name} is a sample key of this project. Nobody has its private key, so no token can be signed with it. Create your own key: ${npmRun('keys', 'new', 'NAME', '--private-key', 'FILE')}`;

const TARGET_STATES: Partial<Record<RotateFlags['step'], TargetState>> = {
  stage: 'staged',
  retire: 'retired',
  delete: 'deleted',
};

async function rotateInOrgs(
  context: Context<RotateFlags>,
  project: KeyProject,
  rotation: Rotation,
  workers: CliWorkerPool,
): Promise<ExitCode> {
  const { flags, now } = context;
  const backend = new OrgBackend(context, new Sf(workers, project.source.apiVersion.value), rotation, project);
  const targetState = TARGET_STATES[flags.step];
  if (targetState) {
    // A compromised key is retired in every keyset at once.
    const isShareable = targetState === 'staged' || (targetState === 'retired' && rotation.compromised);
    const sharing = isShareable ? [] : otherKeysets(project, rotation);
    if (sharing.length > 0) throw sharedKeyError(rotation, sharing);
    const findings = blockingFindings(project, backend.preview(targetState), rotation, now);
    if (findings.length > 0) return showFindings(context, `keys rotate ${flags.step}`, findings);
    if (flags.dryRun === true) return showDryRun(context, backend, targetState);
  }
  const result = await runStep(flags, rotation, backend);
  return finishStep(context, result, readKeyProject(flags.project), backend.results);
}

/** Shows the changes of a step as `plan` does, also an org that can't be read. Writes nothing. */
async function showDryRun(
  { print, printJson, flags }: Context<RotateFlags>,
  backend: OrgBackend,
  targetState: TargetState,
): Promise<ExitCode> {
  await backend.plan(targetState);
  const orgs = backend.showPlan();
  const exitCode = exitCodeOf(orgs);
  print('Nothing was changed.');
  printJson(serializeDocument({ command: `keys rotate ${flags.step}`, exitCode, findings: [], orgs }));
  return exitCode;
}

async function rotateAtEndpoint(
  context: Context<RotateFlags>,
  project: KeyProject,
  rotation: Rotation,
): Promise<ExitCode> {
  const { flags } = context;
  const backend = new EndpointBackend({ folder: flags.project, rotation, allowLoopback: flags.allowLoopback });
  return finishStep(context, await runStep(flags, rotation, backend), project, []);
}

function runStep(flags: RotateFlags, rotation: Rotation, backend: RotationBackend): Promise<StepResult> {
  switch (flags.step) {
    case 'stage':
      return stage(rotation, backend);
    case 'retire':
      return retire(rotation, backend);
    case 'delete':
      return deleteKey(rotation, backend);
    case 'switch':
      return confirmSwitch(rotation, backend, flags.confirm);
    default:
      return checkStaged(rotation, backend);
  }
}

/** The steps that use a flag. The other flags are of every step. */
const STEPS_OF_FLAGS = {
  newKey: ['--new-key', ['stage']],
  oldKey: ['--old-key', ['stage', 'retire']],
  tokenLifetime: ['--token-lifetime', ['stage', 'retire']],
  confirm: ['--confirm', ['switch']],
  compromised: ['--compromised', ['retire']],
} as const satisfies Partial<Record<keyof RotateFlags, readonly [flag: string, steps: readonly RotateStep[]]>>;

function assertUsedFlags(flags: RotateFlags): void {
  for (const [name, [flag, steps]] of Object.entries(STEPS_OF_FLAGS)) {
    const value = flags[name as keyof typeof STEPS_OF_FLAGS];
    if (value === undefined || value === false || steps.some((step) => step === flags.step)) continue;
    throw invalidFlagError(
      `rotate ${flags.step} has no ${flag}. No org was contacted.`,
      `It belongs to rotate ${steps.join(' and rotate ')}.`,
      `To see the flags: ${npmRun('keys', 'rotate', '--help')}`,
    );
  }
}

function assertFlags({ org, wave, name, step, dryRun }: Context<RotateFlags>['flags']): void {
  if (dryRun === true && !TARGET_STATES[step])
    throw invalidFlagError(
      `rotate ${step} has no --dry-run.`,
      'Only stage, retire, and delete change orgs.',
      `Run it without --dry-run: ${npmRun('keys', 'rotate', step, name)}`,
    );
  if (name === '' && step !== 'status')
    throw invalidFlagError(
      'The keyset is missing.',
      'Each keyset has its own rotation.',
      `Name the keyset: ${npmRun('keys', 'rotate', step, 'KEYSET')}`,
    );
  if (org.length > 0 || wave !== undefined)
    throw invalidFlagError(
      'keys rotate has no --org and no --wave.',
      'A step acts in every org of the keyset. An org that is left out would reject tokens.',
      'Omit the flag. A failed org stops the later waves.',
    );
}

const endpointDryRunError = ({ keyset }: Rotation): ToolError =>
  invalidFlagError(
    `The rotation of ${keyset} has no --dry-run.`,
    'The keys of the keyset are served by a JWKS endpoint, so no org is changed.',
    'Run the step without --dry-run.',
  );

const sharedKeyError = ({ oldKey }: Rotation, keysets: readonly string[]): ToolError =>
  rotationError(
    `${oldKey.name} is also listed in ${keysets.join(', ')}.`,
    'Salesforce rejects an inactive key in every keyset that lists it.',
    `Remove it from ${keysets.join(', ')} in the source, and deploy: ${npmRun('deploy', '--all')}. Then run the step again.`,
  );
