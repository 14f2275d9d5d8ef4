import { join } from 'node:path';
import type { Context } from '../cli';
import { ToolError, type ExitCode, invalidFlagError } from '../errors';
import { createJournal } from '../rollout';
import { orgResultsText } from '../report';
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
import { snapshotWriter } from '../plan';
import { Sf, type CliWorkerPool } from '../sf';
import { rotationError, rotationForStep } from './start-rotation';
import { EndpointBackend } from './endpoint-backend';
import type { RotateFlags } from './flags';
import { type UseWorkers, readKeyProject, type KeyProject } from './keyset';
import {
  blockingFindings,
  orgsNeedingConsent,
  previewChanges,
  previewResults,
  isUndeployable,
  lockoutWarnings,
  otherKeysets,
} from './step-checks';
import { OrgBackend } from './org-backend';
import { showFindings } from './show-key';
import { finishStep, showStatus } from './rotate-result';

/** One step of a rotation. Each may be run again at any time: it looks at what is, and does what is left. */
export async function runRotate(context: Context<RotateFlags>, useWorkers: UseWorkers): Promise<ExitCode> {
  const { flags } = context;
  assertFlags(flags);
  const project = readKeyProject(flags.project);
  if (flags.step === 'status') return showStatus(context, project);
  const rotation = rotationForStep(project, flags, context.now);
  if (rotation.delivery === 'endpoint') return rotateAtEndpoint(context, project, rotation);
  return useWorkers((hosts) => rotateInOrgs(context, project, rotation, hosts));
}

const TARGET_STATES: Partial<Record<RotateFlags['step'], TargetState>> = {
  stage: 'staged',
  retire: 'retired',
  delete: 'deleted',
};

async function rotateInOrgs(
  context: Context<RotateFlags>,
  project: KeyProject,
  rotation: Rotation,
  hosts: CliWorkerPool,
): Promise<ExitCode> {
  const { flags, now, log } = context;
  const journal = createJournal(join(flags.project, '.runs'), now);
  const apiVersion = project.source.apiVersion.value;
  const options = {
    ...{ folder: flags.project, sf: new Sf(hosts, apiVersion), rotation, apiVersion },
    removeFromKeyset: isUndeployable(project, rotation, now),
    saveSnapshot: snapshotWriter(journal.folder, apiVersion, now),
    reportStep: (org: string, step: string, detail?: string) => {
      journal.write({ org, step, ...(detail !== undefined && { detail }) });
      log(`  ${org}: ${step}${detail === undefined ? '' : ` ${detail}`}`);
    },
  };
  const targetState = TARGET_STATES[flags.step];
  if (targetState) {
    const exitCode = await confirmStep(
      context,
      project,
      rotation,
      new OrgBackend({ ...options, disruptiveAccepted: false }),
      targetState,
    );
    if (exitCode !== undefined) return exitCode;
  }
  const backend = new OrgBackend({ ...options, disruptiveAccepted: true });
  return finishStep(context, await runStep(flags, rotation, backend), readKeyProject(flags.project), [
    ...backend.results.values(),
  ]);
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

/** Shows what a step would do, and ends it where it may not go on: the exit code then, undefined else. */
async function confirmStep(
  context: Context<RotateFlags>,
  project: KeyProject,
  rotation: Rotation,
  backend: OrgBackend,
  targetState: TargetState,
): Promise<ExitCode | undefined> {
  const { flags, now, layout, print } = context;
  const otherLists = targetState === 'staged' ? [] : otherKeysets(project, rotation);
  if (otherLists.length > 0) throw sharedKeyError(rotation, otherLists);
  const edited = backend.preview(targetState);
  const findings = blockingFindings(project, edited, rotation, now);
  if (findings.length > 0) return showFindings(context, `keys rotate ${flags.step}`, findings);
  if (targetState === 'retired' && rotation.compromised)
    print(`${lockoutWarnings(backend.affectedOrgs(edited.orgs), rotation).join('\n')}\n`);
  if (targetState === 'deleted') return undefined;
  const orgs = await previewChanges(backend, edited, targetState);
  const changing = previewResults(orgs).filter(({ changes }) => changes.length > 0);
  if (changing.length > 0) print(`${orgResultsText(layout, changing)}\n`);
  const needingConsent = orgsNeedingConsent(backend, orgs);
  if (needingConsent.length === 0 || (await isAccepted(context, needingConsent))) return undefined;
  throw notAcceptedError(needingConsent);
}

async function isAccepted(
  { flags, interactive, confirm }: Context<RotateFlags>,
  orgs: readonly string[],
): Promise<boolean> {
  if (flags.accept.includes('disruptive')) return true;
  return interactive && confirm(`${orgs.join(', ')}: customers will be disturbed as shown above. Go on?`);
}

function assertFlags({ org, wave, name, step }: Context<RotateFlags>['flags']): void {
  if (name === '' && step !== 'status')
    throw invalidFlagError(
      'A step asks for its keyset.',
      'Each keyset has a rotation of its own.',
      `Name it: npm run keys -- rotate ${step} KEYSET.`,
    );
  if (org.length > 0 || wave !== undefined)
    throw invalidFlagError(
      'A rotation has no --org and no --wave.',
      'It is about every org of the keyset: in one that is left out, tokens would be refused.',
      'Leave it out; a wave that fails stops those after it.',
    );
}

const sharedKeyError = ({ oldKey }: Rotation, keysets: readonly string[]): ToolError =>
  rotationError(
    `${oldKey.name} is also in ${keysets.join(', ')}.`,
    'A key that is no longer active is refused in every keyset that lists it.',
    'Rotate it there first, or take it out of that keyset on purpose.',
  );

const notAcceptedError = (orgs: readonly string[]): ToolError =>
  new ToolError('not-accepted', {
    what: 'Nothing was written: the step disturbs customers, and nobody accepted that.',
    why: `Customers of ${orgs.join(', ')} would notice, as shown above.`,
    fix: 'Take the step with --accept disruptive.',
  });
