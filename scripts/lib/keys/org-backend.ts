import type { Context } from '../cli';
import { ToolError } from '../errors';
import { type DesiredState, type OrgResult, commandText, extendCommand } from '../model';
import { assertIdentity, readOrg, type LiveOrg, type Sf } from '../org';
import { orgResultsText } from '../report';
import { type PlannedOrg, withResumeCommand } from '../rollout';
import { confirmWrite, isConfirmed, notAcceptedDetails, type ChangingCommand } from '../rollout/confirm';
import { applyWaves, type ExecuteFlags } from '../rollout/execute';
import { printIncompleteRuns } from '../rollout/incomplete-runs';
import { planWithProgress } from '../rollout/plan-with-progress';
import { createRecorder, type Recorder } from '../rollout/recorder';
import { recoverBefore } from '../rollout/resume';
import { flagArguments } from '../rollout/run-flags';
import { timeoutsFrom } from '../rollout/timeouts';
import {
  withCompromisedKey,
  writeRotation,
  type KeyTrust,
  type RecordTrust,
  type Rotation,
  type RotationBackend,
  type RotationTarget,
  type TargetInspection,
  type TargetResult,
  type TargetState,
} from '../rotation';
import type { RotateFlags } from './flags';
import { orgKeyTrust } from './key-trust';
import { readKeyProject, type KeyProject } from './keyset';
import { editProject, type EditedProject } from './rotation-edits';
import { readText, writeEdits } from './source-files';
import { isUndeployable, lockoutWarnings } from './step-checks';
import { affectedOrgs, needsConsent, notReachedError, stepTarget, type RotationStep } from './step-target';

const COMMANDS: Readonly<Record<TargetState, ChangingCommand>> = {
  staged: 'keys rotate stage',
  retired: 'keys rotate retire',
  deleted: 'keys rotate delete',
};

/** The flags of a step that its repetition needs. A rotation that was saved has them, but one that failed earlier isn't saved. */
const REPEATED_FLAGS = ['newKey', 'oldKey', 'tokenLifetime', 'cacheHours', 'compromised', 'accept'] as const;

/** A step that was planned in every org. */
interface PlannedStep extends RotationStep {
  readonly orgs: readonly DesiredState[];
  readonly fleet: readonly PlannedOrg[];
}

/** The orgs that a key is uploaded to. A step is a plan for each org, and is applied like every other plan. */
export class OrgBackend implements RotationBackend {
  /** The result of each org in the last step. */
  results: readonly OrgResult[] = [];
  private readonly context: Context<RotateFlags & ExecuteFlags>;
  private readonly sf: Sf;
  private readonly recorder: Recorder;
  private readonly removeFromKeyset: boolean;
  private readonly apiVersion: string;
  private rotation: Rotation;
  private planned: PlannedStep | undefined;

  constructor(context: Context<RotateFlags>, sf: Sf, rotation: Rotation, project: KeyProject) {
    this.context = { ...context, flags: { ...context.flags, runs: '.runs' } };
    this.sf = sf;
    this.rotation = rotation;
    this.recorder = createRecorder(this.context, undefined);
    this.apiVersion = project.source.apiVersion.value;
    this.removeFromKeyset = isUndeployable(project, rotation, context.now);
  }

  now(): Date {
    return new Date();
  }

  targets(): readonly RotationTarget[] {
    return affectedOrgs(this.rotation, this.readProject().orgs).map(targetOf);
  }

  /** The project as a step leaves it. Writes nothing. */
  preview(targetState: TargetState): EditedProject {
    const { project } = this.context.flags;
    return editProject(this.readProject(), this.rotation, targetState, this.removeFromKeyset, (file) =>
      readText(project, file),
    );
  }

  editSource(targetState: TargetState): void {
    writeEdits(this.context.flags.project, this.preview(targetState).files);
  }

  async inspect({ name }: RotationTarget): Promise<KeyTrust> {
    const desired = affectedOrgs(this.rotation, this.readProject().orgs).find(({ org }) => org.alias === name);
    if (!desired) throw unknownOrgError(name);
    const live = await readOrg(this.sf, keysOnly(desired), this.apiVersion);
    assertIdentity(desired.org, live.facts);
    return orgKeyTrust(live.components, this.rotation);
  }

  /** Plans the step in the orgs that list one of the keys before the step or after it. */
  async plan(targetState: TargetState): Promise<readonly TargetInspection[]> {
    const { rotation, removeFromKeyset, apiVersion } = this;
    const step = { rotation, targetState, removeFromKeyset };
    const before = affectedOrgs(rotation, this.readProject().orgs).map(({ org }) => org.alias);
    const edited = this.preview(targetState).orgs;
    const after = affectedOrgs(rotation, edited).map(({ org }) => org.alias);
    const orgs = edited
      .filter(({ org }) => before.includes(org.alias) || after.includes(org.alias))
      .map((desired) => ({
        ...desired,
        compromised: withCompromisedKey(desired.compromised, rotation, this.now()),
      }));
    const trusts = new Map<string, KeyTrust>();
    const targetFrom = (desired: DesiredState, live: LiveOrg): DesiredState => {
      trusts.set(desired.org.alias, orgKeyTrust(live.components, rotation));
      return stepTarget(step, desired, live.components);
    };
    const options = { apiVersion, targetFrom, beforeRead: this.recoverEarlierRuns() };
    const fleet = await planWithProgress(this.context, this.sf, orgs.map(keysOnly), options, 'Reading');
    printIncompleteRuns(
      this.context,
      orgs.map(({ org }) => org),
      { resumeCommand: this.resumeCommand(targetState) },
    );
    this.planned = { ...step, orgs, fleet };
    const again = flagArguments(this.context.flags, ['dryRun']);
    const resumeCommand = extendCommand(this.resumeCommand(targetState), ...again);
    return fleet.map(({ desired, result }) =>
      inspectionOf(desired, trusts.get(desired.org.alias), withResumeCommand(result, resumeCommand)),
    );
  }

  async confirm(): Promise<void> {
    const { context } = this;
    const step = this.plannedStep();
    if (step.targetState === 'retired' && step.rotation.compromised)
      context.print(`${lockoutWarnings(step.orgs, step.rotation).join('\n')}\n`);
    const changing = step.fleet.filter(({ result }) => result.changes.length > 0);
    this.showPlan();
    const confirmation = confirmWrite(changing, {
      command: COMMANDS[step.targetState],
      needsConsent: (change) => needsConsent(step, change),
    });
    if (await isConfirmed(context, confirmation)) return;
    throw new ToolError('not-accepted', notAcceptedDetails(context, confirmation));
  }

  /** Prints the orgs that the step changes, and those that can't be planned. Returns the results of all orgs. */
  showPlan(): readonly OrgResult[] {
    const { layout, print } = this.context;
    const orgs = this.plannedStep().fleet.map(({ result }) => result);
    const shown = orgs.filter(({ status }) => status !== 'unchanged');
    if (shown.length > 0) print(`${orgResultsText(layout, shown)}\n`);
    return orgs;
  }

  async apply(targetState: TargetState, record: RecordTrust): Promise<readonly TargetResult[]> {
    const { context, sf, apiVersion, recorder } = this;
    const step = this.plannedStep();
    const { fleet } = step;
    const verify = async (planned: PlannedOrg, result: OrgResult): Promise<OrgResult> =>
      record(targetOf(planned.desired), await this.trustAfter(planned, result))
        ? result
        : { ...result, status: 'failed', error: notReachedError(result, step) };
    this.results = await applyWaves(
      context,
      { sf, apiVersion, from: 'project', valid: true, fleet, findings: [] },
      {
        command: COMMANDS[targetState],
        resumeCommand: this.resumeCommand(targetState),
        lastWaveFirst: targetState !== 'staged',
        recorder,
      },
      verify,
    );
    return this.results.map(targetResultOf);
  }

  save(rotation: Rotation): void {
    this.rotation = rotation;
    writeRotation(this.context.flags.project, rotation, this.now());
  }

  /** The keys that an org trusts after a step. An org that wasn't changed is read again, because its plan may be minutes old. */
  private async trustAfter({ live, desired }: PlannedOrg, { status }: OrgResult): Promise<KeyTrust> {
    if (status === 'changed' && live) return orgKeyTrust(live.components, this.rotation);
    return this.inspect(targetOf(desired));
  }

  private resumeCommand(targetState: TargetState): string {
    const [, ...words] = COMMANDS[targetState].split(' ');
    return commandText('keys', ...words, this.rotation.keyset, ...flagArguments(this.context.flags, REPEATED_FLAGS));
  }

  /** Recovers the deploy jobs that earlier runs of any command left in an org, before the org is read. */
  private recoverEarlierRuns(): ReturnType<typeof recoverBefore> {
    return recoverBefore(this.context, timeoutsFrom(this.context.flags), this.recorder);
  }

  private readProject(): KeyProject {
    return readKeyProject(this.context.flags.project);
  }

  private plannedStep(): PlannedStep {
    if (!this.planned) throw new Error('The step was not planned.');
    return this.planned;
  }
}

const targetOf = ({ org }: DesiredState): RotationTarget => ({ name: org.alias, wave: org.wave });

/** The keys and keysets of an org: an error elsewhere must not stop the replacement of a key. */
const keysOnly = ({ org, components, compromised }: DesiredState): DesiredState => ({
  org: { ...org, existing: [] },
  compromised,
  components: new Map([...components].filter(([key]) => key.startsWith('PublicKeyCertificate'))),
});

const inspectionOf = (
  desired: DesiredState,
  keyTrust: KeyTrust | undefined,
  { error, status }: OrgResult,
): TargetInspection => ({
  target: targetOf(desired),
  ...(keyTrust && { keyTrust }),
  ...(!keyTrust && error && { error, unreachable: status === 'unreachable' }),
});

function targetResultOf({ alias, wave, status, error }: OrgResult): TargetResult {
  const target = { name: alias, wave };
  if (status === 'changed' || status === 'unchanged') return { target, result: 'done' };
  if (status === 'skipped') return { target, result: 'skipped' };
  const result = status === 'unknown' || status === 'unreachable' ? status : 'failed';
  return { target, result, ...(error && { error }) };
}

const unknownOrgError = (alias: string): ToolError =>
  new ToolError('unknown-org', {
    what: `${alias} is no longer in config/orgs, or its keyset no longer lists the keys of the rotation.`,
    why: 'Its org file was deleted or changed during the step.',
    fix: `Restore config/orgs/${alias}.json from git.`,
  });
