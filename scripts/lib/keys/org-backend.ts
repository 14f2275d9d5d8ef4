import { toErrorDetails, ToolError } from '../errors';
import { orgResult } from '../rollout';
import {
  keyNamesOf,
  isDisruptive,
  keyOf,
  mapOf,
  type Change,
  type ComponentMap,
  type DesiredState,
  type ErrorDetails,
  type OrgResult,
  type Plan,
  type Transition,
} from '../model';
import {
  applyPlan,
  withFinalState,
  waitUntilIdle,
  missingPermissionError,
  DEFAULT_TIMEOUTS,
  planOrg,
  readOrg,
  withRemoval,
  assertIdentity,
  transitionFor,
  withLock,
  type IdleOrg,
  type LiveOrg,
  type ReportStep,
  type Removal,
  type Sf,
} from '../org';
import {
  writeRotation,
  type TargetState,
  type RotationTarget,
  type Rotation,
  type KeyTrust,
  type RotationBackend,
} from '../rotation';
import { editProject, withoutKey, type EditedProject } from './rotation-edits';
import { orgKeyset, readKeyProject } from './keyset';
import { orgKeyTrust } from './key-trust';
import { readText, writeEdits } from './source-files';

/** What the world of a rotation is made of when keys are uploaded to affectedOrgs. */
export interface OrgBackendOptions {
  readonly folder: string;
  readonly sf: Sf;
  readonly rotation: Rotation;
  readonly apiVersion: string;
  /** Whether changes that disturb customers were disruptiveAccepted. */
  readonly disruptiveAccepted: boolean;
  /** Whether the old key has to leave the keyset because Salesforce would not take it any more, not even inactive. */
  readonly removeFromKeyset: boolean;
  /** Keeps what an org held trustBefore a step and holds after it. */
  readonly saveSnapshot: (plan: Plan, transition: Transition) => Transition;
  readonly reportStep: (org: string, step: string, detail?: string) => void;
}

/** The affectedOrgs of a fleet, through the Salesforce CLI. */
export class OrgBackend implements RotationBackend {
  /** How each org came out of the last step, for the report. */
  readonly results = new Map<string, OrgResult>();
  private readonly options: OrgBackendOptions;
  private rotation: Rotation;

  constructor(options: OrgBackendOptions) {
    this.options = options;
    this.rotation = options.rotation;
  }

  now(): Date {
    return new Date();
  }

  targets(): readonly RotationTarget[] {
    return this.affectedOrgs().map(({ org }) => ({ name: org.alias, wave: org.wave }));
  }

  /** The project as it would be for a target state; nothing is written. */
  preview(targetState: TargetState): EditedProject {
    const { folder, removeFromKeyset } = this.options;
    return editProject(readKeyProject(folder), this.rotation, targetState, removeFromKeyset, (file) =>
      readText(folder, file),
    );
  }

  editSource(targetState: TargetState): void {
    writeEdits(this.options.folder, this.preview(targetState).files);
  }

  async inspect(target: RotationTarget): Promise<KeyTrust> {
    return orgKeyTrust((await this.readLive(this.desiredFor(target))).components, this.rotation);
  }

  apply(target: RotationTarget, targetState: TargetState): Promise<KeyTrust> {
    const desired = this.desiredFor(target);
    const deployIds: string[] = [];
    const reportStep: ReportStep = (step, detail) => {
      if (step === 'submitted' && detail !== undefined) deployIds.push(detail);
      this.options.reportStep(target.name, step, detail);
    };
    const onWait = (why: string): void => reportStep('waiting', why);
    const { org, sf } = { ...desired, ...this.options };
    return withLock({ ...org, home: sf.home, timeout: DEFAULT_TIMEOUTS.lock, onWait }, async () => {
      const { knownJobIds } = await waitUntilIdle(sf, org.alias, DEFAULT_TIMEOUTS.lock, onWait);
      // Read only now: what is deployed is laid over what the org holds, not over what it held trustBefore others were through.
      const live = await this.readLive(desired);
      const trustBefore = orgKeyTrust(live.components, this.rotation);
      if (isReached(trustBefore, targetState)) return this.recordUnchanged(desired, trustBefore);
      const changes = await this.applyChanges(desired, live, targetState, reportStep, knownJobIds);
      this.results.set(target.name, orgResult(desired, 'changed', { changes, deployIds }));
      return this.inspect(target);
    });
  }

  save(rotation: Rotation): void {
    this.rotation = rotation;
    writeRotation(this.options.folder, rotation);
  }

  errorDetails(thrown: unknown): ErrorDetails {
    return toErrorDetails(thrown);
  }

  /** What a step would change in an org: only the keyset and the keys that the step is about. */
  planFor(desired: DesiredState, live: LiveOrg, targetState: TargetState): Plan {
    return planOrg({ ...desired, components: this.stepComponents(desired, live.components, targetState) }, live);
  }

  /** Reads an org and makes sure that it is the one its file describes. */
  async readLive(desired: DesiredState): Promise<LiveOrg> {
    const live = await readOrg(this.options.sf, { ...desired, components: new Map() }, this.options.apiVersion);
    assertIdentity(desired.org, live.facts);
    return live;
  }

  /** Whether a change is one that nobody has to accept: the end of the old key, after all its tokens have ended. */
  isExpected(change: Change): boolean {
    const old = `PublicKeyCertificate:${this.rotation.oldKey.name}`;
    return (
      !isDisruptive(change) || (change.component === old && change.path === 'isActive' && !this.rotation.compromised)
    );
  }

  /** The affectedOrgs whose keyset lists the old key or the new one. */
  affectedOrgs(project = readKeyProject(this.options.folder).orgs): readonly DesiredState[] {
    const names = [this.rotation.oldKey.name, this.rotation.newKey?.name];
    return project.filter((desired) =>
      keyNamesOf(orgKeyset(desired, this.rotation.keyset)).some((name) => names.includes(name)),
    );
  }

  private desiredFor({ name }: RotationTarget): DesiredState {
    const match = this.affectedOrgs().find(({ org }) => org.alias === name);
    if (match) return match;
    throw new ToolError('unknown-org', {
      what: `${name} is no longer in config/orgs.`,
      why: 'Its file is gone.',
      fix: 'Take it back from git.',
    });
  }

  /** Keeps what the org held trustBefore and after, so that a rollback can take the step back. */
  private async applyChanges(
    desired: DesiredState,
    live: LiveOrg,
    targetState: TargetState,
    reportStep: ReportStep,
    knownJobIds: IdleOrg['knownJobIds'],
  ): Promise<readonly Change[]> {
    const { sf, apiVersion, disruptiveAccepted, saveSnapshot } = this.options;
    const missing = missingPermissionError(desired.org.alias, live.facts);
    if (missing) throw missing;
    const desiredAfterStep = this.desiredAfterStep(desired, live, targetState);
    const plan = planOrg(desiredAfterStep, live);
    if (!desiredAfterStep.transition && !disruptiveAccepted && !plan.changes.every((change) => this.isExpected(change)))
      throw notAcceptedError(desired.org.alias);
    const transition = saveSnapshot(plan, transitionFor(plan, live));
    saveSnapshot(
      plan,
      withFinalState(transition, await applyPlan(sf, desiredAfterStep, plan, apiVersion, reportStep, { knownJobIds })),
    );
    return plan.changes;
  }

  /** What an org should be after a step: without the old key, or with only what the step is about. */
  private desiredAfterStep(desired: DesiredState, live: LiveOrg, targetState: TargetState): DesiredState {
    return targetState === 'deleted' || (targetState === 'retired' && this.options.removeFromKeyset)
      ? withRemoval(desired, this.oldKeyRemoval(live, targetState))
      : { ...desired, components: this.stepComponents(desired, live.components, targetState) };
  }

  private oldKeyRemoval({ components }: LiveOrg, targetState: TargetState): Removal {
    const { keyset, oldKey } = this.rotation;
    const old = `PublicKeyCertificate:${oldKey.name}` as const;
    const set = components.get(`PublicKeyCertificateSet:${keyset}`);
    const kept = set && keyNamesOf(set).includes(oldKey.name) ? [withoutKey(set, oldKey.name)] : [];
    return { kept: mapOf(kept), deleted: targetState === 'deleted' && components.has(old) ? [old] : [] };
  }

  /** Staging is about the keyset and the new key, oldKey about the old key. Keys that the org lacks come along, for the keyset names them. */
  private stepComponents({ components }: DesiredState, live: ComponentMap, targetState: TargetState): ComponentMap {
    const { keyset, oldKey, newKey } = this.rotation;
    const set = components.get(`PublicKeyCertificateSet:${keyset}`);
    const needed = keyNamesOf(set).filter((name) => name === newKey?.name || !live.has(`PublicKeyCertificate:${name}`));
    const names = targetState === 'staged' ? needed : [oldKey.name];
    const keys = names.flatMap((name) => components.get(`PublicKeyCertificate:${name}`) ?? []);
    return mapOf(
      [...keys, ...(targetState === 'staged' && set ? [set] : [])].filter((component) =>
        components.has(keyOf(component)),
      ),
    );
  }

  private recordUnchanged(desired: DesiredState, sight: KeyTrust): KeyTrust {
    this.results.set(desired.org.alias, orgResult(desired, 'unchanged'));
    return sight;
  }
}

/** What is there already is not deployed again. */
function isReached({ newKeyTrusted, oldKeyStatus }: KeyTrust, targetState: TargetState): boolean {
  if (targetState === 'staged') return newKeyTrusted;
  return targetState === 'retired' ? oldKeyStatus !== 'trusted' : oldKeyStatus === 'missing';
}

const notAcceptedError = (alias: string): ToolError =>
  new ToolError('not-accepted', {
    what: `Nothing was sent to "${alias}": the step would disturb customers there, and nobody disruptiveAccepted that.`,
    why: 'The org differs from the source in more than the keys of this step.',
    fix: 'Look at npm run plan, then take the step with --accept disruptive.',
  });
