import { asToolError, ToolError } from '../errors';
import { outcomeOf } from '../fleet';
import {
  isDisruptive,
  keyOf,
  mapOf,
  type Change,
  type ComponentMap,
  type Desired,
  type Fault,
  type Outcome,
  type Plan,
  type Way,
} from '../model';
import {
  applyPlan,
  arrived,
  awaitFree,
  missingPermission,
  PATIENCE,
  planOrg,
  readOrg,
  removalOf,
  verifyIdentity,
  wayOf,
  withLock,
  type FreeOrg,
  type LiveOrg,
  type Progress,
  type Removal,
  type Sf,
} from '../org';
import { writeRotation, type Aim, type Place, type Rotation, type Sight, type World } from '../rotation';
import { editedFor, withoutKey, type Edited } from './edited';
import { keysetIn, keysOf, readKeyProject } from './keyset';
import { sightOf } from './sight';
import { textOf, writeEdits } from './source-files';

/** What the world of a rotation is made of when keys are uploaded to orgs. */
export interface OrgWorldOptions {
  readonly folder: string;
  readonly sf: Sf;
  readonly rotation: Rotation;
  readonly apiVersion: string;
  /** Whether changes that disturb customers were accepted. */
  readonly accepted: boolean;
  /** Whether the old key has to leave the keyset because Salesforce would not take it any more, not even inactive. */
  readonly unlist: boolean;
  /** Keeps what an org held before a step and holds after it. */
  readonly keep: (plan: Plan, way: Way) => Way;
  readonly progress: (org: string, step: string, detail?: string) => void;
}

/** The orgs of a fleet, through the Salesforce CLI. */
export class OrgWorld implements World {
  /** How each org came out of the last step, for the report. */
  readonly outcomes = new Map<string, Outcome>();
  private readonly options: OrgWorldOptions;
  private rotation: Rotation;

  constructor(options: OrgWorldOptions) {
    this.options = options;
    this.rotation = options.rotation;
  }

  now(): Date {
    return new Date();
  }

  places(): readonly Place[] {
    return this.orgs().map(({ org }) => ({ name: org.alias, wave: org.wave }));
  }

  /** The project as it would be for an aim; nothing is written. */
  preview(aim: Aim): Edited {
    const { folder, unlist } = this.options;
    return editedFor(readKeyProject(folder), this.rotation, aim, unlist, (file) => textOf(folder, file));
  }

  edit(aim: Aim): void {
    writeEdits(this.options.folder, this.preview(aim).files);
  }

  async look(place: Place): Promise<Sight> {
    return sightOf((await this.read(this.desired(place))).components, this.rotation);
  }

  bring(place: Place, aim: Aim): Promise<Sight> {
    const desired = this.desired(place);
    const deployIds: string[] = [];
    const progress: Progress = (step, detail) => {
      if (step === 'submitted' && detail !== undefined) deployIds.push(detail);
      this.options.progress(place.name, step, detail);
    };
    const waiting = (why: string): void => progress('waiting', why);
    const { org, sf } = { ...desired, ...this.options };
    return withLock({ ...org, home: sf.home, patience: PATIENCE.busy, waiting }, async () => {
      const { known } = await awaitFree(sf, org.alias, PATIENCE.busy, waiting);
      // Read only now: what is deployed is laid over what the org holds, not over what it held before others were through.
      const live = await this.read(desired);
      const before = sightOf(live.components, this.rotation);
      if (isReached(before, aim)) return this.unchanged(desired, before);
      const changes = await this.apply(desired, live, aim, progress, known);
      this.outcomes.set(place.name, outcomeOf(desired, 'changed', { changes, deployIds }));
      return this.look(place);
    });
  }

  save(rotation: Rotation): void {
    this.rotation = rotation;
    writeRotation(this.options.folder, rotation);
  }

  faultOf(thrown: unknown): Fault {
    const { code, what, why, fix } = asToolError(thrown);
    return { code, what, why, fix };
  }

  /** What a step would change in an org: only the keyset and the keys that the step is about. */
  planFor(desired: Desired, live: LiveOrg, aim: Aim): Plan {
    return planOrg({ ...desired, components: this.slice(desired, live.components, aim) }, live);
  }

  /** Reads an org and makes sure that it is the one its file describes. */
  async read(desired: Desired): Promise<LiveOrg> {
    const live = await readOrg(this.options.sf, { ...desired, components: new Map() }, this.options.apiVersion);
    verifyIdentity(desired.org, live.facts);
    return live;
  }

  /** Whether a change is one that nobody has to accept: the end of the old key, after all its tokens have ended. */
  isExpected(change: Change): boolean {
    const old = `PublicKeyCertificate:${this.rotation.retiring.name}`;
    return (
      !isDisruptive(change) || (change.component === old && change.path === 'isActive' && !this.rotation.compromised)
    );
  }

  /** The orgs whose keyset lists the old key or the new one. */
  orgs(project = readKeyProject(this.options.folder).orgs): readonly Desired[] {
    const names = [this.rotation.retiring.name, this.rotation.next?.name];
    return project.filter((desired) =>
      keysOf(keysetIn(desired, this.rotation.keyset)).some((name) => names.includes(name)),
    );
  }

  private desired({ name }: Place): Desired {
    const found = this.orgs().find(({ org }) => org.alias === name);
    if (found) return found;
    throw new ToolError('unknown-org', {
      what: `${name} is no longer in config/orgs.`,
      why: 'Its file is gone.',
      fix: 'Take it back from git.',
    });
  }

  /** Keeps what the org held before and after, so that a rollback can take the step back. */
  private async apply(
    desired: Desired,
    live: LiveOrg,
    aim: Aim,
    progress: Progress,
    known: FreeOrg['known'],
  ): Promise<readonly Change[]> {
    const { sf, apiVersion, accepted, keep } = this.options;
    const missing = missingPermission(desired.org.alias, live.facts);
    if (missing) throw missing;
    const aimed = this.aimed(desired, live, aim);
    const plan = planOrg(aimed, live);
    if (!aimed.way && !accepted && !plan.changes.every((change) => this.isExpected(change)))
      throw notAccepted(desired.org.alias);
    const way = keep(plan, wayOf(plan, live));
    keep(plan, arrived(way, await applyPlan(sf, aimed, plan, apiVersion, progress, { known })));
    return plan.changes;
  }

  /** What an org should be after a step: without the old key, or with only what the step is about. */
  private aimed(desired: Desired, live: LiveOrg, aim: Aim): Desired {
    return aim === 'deleted' || (aim === 'retired' && this.options.unlist)
      ? removalOf(desired, this.removalFrom(live, aim))
      : { ...desired, components: this.slice(desired, live.components, aim) };
  }

  private removalFrom({ components }: LiveOrg, aim: Aim): Removal {
    const { keyset, retiring } = this.rotation;
    const old = `PublicKeyCertificate:${retiring.name}` as const;
    const set = components.get(`PublicKeyCertificateSet:${keyset}`);
    const kept = set && keysOf(set).includes(retiring.name) ? [withoutKey(set, retiring.name)] : [];
    return { kept: mapOf(kept), deleted: aim === 'deleted' && components.has(old) ? [old] : [] };
  }

  /** Staging is about the keyset and the new key, retiring about the old key. Keys that the org lacks come along, for the keyset names them. */
  private slice({ components }: Desired, live: ComponentMap, aim: Aim): ComponentMap {
    const { keyset, retiring, next } = this.rotation;
    const set = components.get(`PublicKeyCertificateSet:${keyset}`);
    const needed = keysOf(set).filter((name) => name === next?.name || !live.has(`PublicKeyCertificate:${name}`));
    const names = aim === 'staged' ? needed : [retiring.name];
    const keys = names.flatMap((name) => components.get(`PublicKeyCertificate:${name}`) ?? []);
    return mapOf(
      [...keys, ...(aim === 'staged' && set ? [set] : [])].filter((component) => components.has(keyOf(component))),
    );
  }

  private unchanged(desired: Desired, sight: Sight): Sight {
    this.outcomes.set(desired.org.alias, outcomeOf(desired, 'unchanged'));
    return sight;
  }
}

/** What is there already is not deployed again. */
function isReached({ next, retiring }: Sight, aim: Aim): boolean {
  if (aim === 'staged') return next;
  return aim === 'retired' ? retiring !== 'trusted' : retiring === 'gone';
}

const notAccepted = (alias: string): ToolError =>
  new ToolError('not-accepted', {
    what: `Nothing was sent to "${alias}": the step would disturb customers there, and nobody accepted that.`,
    why: 'The org differs from the source in more than the keys of this step.',
    fix: 'Look at npm run plan, then take the step with --accept disruptive.',
  });
