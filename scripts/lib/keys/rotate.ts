import { join } from 'node:path';
import type { Context } from '../cli';
import { EXIT, ToolError, type ExitCode } from '../errors';
import { openJournal } from '../journal';
import { outcomesText } from '../report';
import {
  remove,
  retire,
  stage,
  staged,
  switchOver,
  type Aim,
  type Rotation,
  type StepResult,
  type World,
} from '../rotation';
import { keepIn } from '../seal';
import { Sf, type HostPool } from '../sf';
import { outOfTurn, rotationFor } from './begin';
import { EndpointWorld } from './endpoint-world';
import type { RotateFlags } from './flags';
import type { Lend } from './hosts';
import {
  blockingFindings,
  disturbing,
  foreseen,
  foreseenOutcomes,
  isUndeployable,
  lockedOut,
  otherKeysets,
} from './gate';
import { readKeyProject, type KeyProject } from './keyset';
import { OrgWorld } from './org-world';
import { showFindings } from './told';
import { finishStep, showStatus } from './rotate-result';

/** One step of a rotation. Each may be run again at any time: it looks at what is, and does what is left. */
export async function runRotate(context: Context<RotateFlags>, lend: Lend): Promise<ExitCode> {
  const { flags } = context;
  verifyFlags(flags);
  const project = readKeyProject(flags.project);
  if (flags.step === 'status') return showStatus(context, project);
  const rotation = rotationFor(project, flags, context.now);
  if (rotation.delivery === 'endpoint') return runAtEndpoint(context, project, rotation);
  return lend((hosts) => runInOrgs(context, project, rotation, hosts));
}

const AIMS: Partial<Record<RotateFlags['step'], Aim>> = { stage: 'staged', retire: 'retired', delete: 'deleted' };

async function runInOrgs(
  context: Context<RotateFlags>,
  project: KeyProject,
  rotation: Rotation,
  hosts: HostPool,
): Promise<ExitCode> {
  const { flags, now, progress } = context;
  const journal = openJournal(join(flags.project, '.runs'), now);
  const apiVersion = project.source.apiVersion.value;
  const options = {
    ...{ folder: flags.project, sf: new Sf(hosts, apiVersion), rotation, apiVersion },
    unlist: isUndeployable(project, rotation, now),
    keep: keepIn(journal.folder, apiVersion, now),
    progress: (org: string, step: string, detail?: string) => {
      journal.write({ org, step, ...(detail !== undefined && { detail }) });
      progress(`  ${org}: ${step}${detail === undefined ? '' : ` ${detail}`}`);
    },
  };
  const aim = AIMS[flags.step];
  if (aim) {
    const held = await pass(context, project, rotation, new OrgWorld({ ...options, accepted: false }), aim);
    if (held !== undefined) return held;
  }
  const world = new OrgWorld({ ...options, accepted: true });
  return finishStep(context, await take(flags, rotation, world), readKeyProject(flags.project), [
    ...world.outcomes.values(),
  ]);
}

async function runAtEndpoint(
  context: Context<RotateFlags>,
  project: KeyProject,
  rotation: Rotation,
): Promise<ExitCode> {
  const { flags } = context;
  const world = new EndpointWorld({ folder: flags.project, rotation, allowLoopback: flags.allowLoopback });
  return finishStep(context, await take(flags, rotation, world), project, []);
}

function take(flags: RotateFlags, rotation: Rotation, world: World): Promise<StepResult> {
  switch (flags.step) {
    case 'stage':
      return stage(rotation, world);
    case 'retire':
      return retire(rotation, world);
    case 'delete':
      return remove(rotation, world);
    case 'switch':
      return switchOver(rotation, world, flags.switched);
    default:
      return staged(rotation, world);
  }
}

/** Shows what a step would do, and ends it where it may not go on: the exit code then, undefined else. */
async function pass(
  context: Context<RotateFlags>,
  project: KeyProject,
  rotation: Rotation,
  world: OrgWorld,
  aim: Aim,
): Promise<ExitCode | undefined> {
  const { flags, now, page, show } = context;
  const shared = aim === 'staged' ? [] : otherKeysets(project, rotation);
  if (shared.length > 0) throw alsoIn(rotation, shared);
  const edited = world.preview(aim);
  const findings = blockingFindings(project, edited, rotation, now);
  if (findings.length > 0) return showFindings(context, `keys rotate ${flags.step}`, findings);
  if (aim === 'retired' && rotation.compromised) show(`${lockedOut(world.orgs(edited.orgs), rotation).join('\n')}\n`);
  if (aim === 'deleted') return undefined;
  const orgs = await foreseen(world, edited, aim);
  const changing = foreseenOutcomes(orgs).filter(({ changes }) => changes.length > 0);
  if (changing.length > 0) show(`${outcomesText(page, changing)}\n`);
  const disturbed = disturbing(world, orgs);
  if (disturbed.length === 0 || (await isAccepted(context, disturbed))) return undefined;
  throw notAccepted(disturbed);
}

async function isAccepted(
  { flags, interactive, confirm }: Context<RotateFlags>,
  orgs: readonly string[],
): Promise<boolean> {
  if (flags.accept.includes('disruptive')) return true;
  return interactive && confirm(`${orgs.join(', ')}: customers will be disturbed as shown above. Go on?`);
}

function verifyFlags({ org, wave, name, step }: Context<RotateFlags>['flags']): void {
  if (name === '' && step !== 'status')
    throw badFlag(
      'A step asks for its keyset.',
      'Each keyset has a rotation of its own.',
      `Name it: npm run keys -- rotate ${step} KEYSET.`,
    );
  if (org.length > 0 || wave !== undefined)
    throw badFlag(
      'A rotation has no --org and no --wave.',
      'It is about every org of the keyset: in one that is left out, tokens would be refused.',
      'Leave it out; a wave that fails stops those after it.',
    );
}

const badFlag = (what: string, why: string, fix: string): ToolError =>
  new ToolError('bad-flag', { what, why, fix }, { exit: EXIT.invalid });

const alsoIn = ({ retiring }: Rotation, keysets: readonly string[]): ToolError =>
  outOfTurn(
    `${retiring.name} is also in ${keysets.join(', ')}.`,
    'A key that is no longer active is refused in every keyset that lists it.',
    'Rotate it there first, or take it out of that keyset on purpose.',
  );

const notAccepted = (orgs: readonly string[]): ToolError =>
  new ToolError('not-accepted', {
    what: 'Nothing was written: the step disturbs customers, and nobody accepted that.',
    why: `Customers of ${orgs.join(', ')} would notice, as shown above.`,
    fix: 'Take the step with --accept disruptive.',
  });
