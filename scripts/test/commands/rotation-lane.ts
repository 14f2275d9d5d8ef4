import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LocalOrg } from '../../local-org/index';
import { runKeysCommand, type KeysResult } from '../commands-keys/run-keys-command';
import type { OrgState } from './fault-cells';
import { startFleet, type Fleet } from './fleet';
import { orgState } from './run-helpers';
import type { Workspace } from './workspace';

export const KEYSET = 'Customer_Identity';
export const OLD_KEY = 'Customer_Identity_2026_A';
export const NEW_KEY = 'Customer_Identity_2026_B';
const SOURCE = 'force-app/main/default';
export const KEYSET_FILE = `PublicKeyCertificateSet/${KEYSET}.PublicKeyCertificateSet`;
const KEY_FILE = `PublicKeyCertificate/${OLD_KEY}.PublicKeyCertificate`;

/** The steps of a rotation that write to orgs. */
export type RotationStep = 'stage' | 'retire';

/** Orgs whose keyset lists the old key, and the project of the rotation. */
export interface RotationLane {
  readonly fleet: Fleet;
  readonly orgs: readonly LocalOrg[];
  /** The state of each org after a step without a fault. */
  readonly complete: Readonly<Record<RotationStep, readonly OrgState[]>>;
  /** Restores orgs and source to the state before the rotation. */
  readonly reset: () => void;
}

/** The arguments of `keys` for a step. */
export const rotationArguments = (step: string): readonly string[] => [
  ...['rotate', step, KEYSET],
  ...(step === 'stage' ? ['--new-key', NEW_KEY] : []),
];

/** The project folder of a rotation. */
type RotationProject = Pick<Fleet, 'project'>;

/** Runs a step of the rotation in this process. */
export const rotate = (
  { project }: RotationProject,
  workspace: Workspace,
  step: string,
  flags = {},
  pool = workspace.workers,
): Promise<KeysResult> =>
  runKeysCommand(
    project,
    {
      verb: 'rotate',
      step,
      name: KEYSET,
      submitTimeout: '1s',
      ...(step === 'stage' && { newKey: NEW_KEY }),
      ...flags,
    },
    pool,
  );

export async function rotateOrFail(
  rotation: RotationProject,
  workspace: Workspace,
  step: string,
  flags = {},
): Promise<KeysResult> {
  const result = await rotate(rotation, workspace, step, flags);
  assert.equal(result.exit, 0, `${step}: ${result.shown}`);
  return result;
}

/** Starts an org for each alias, and runs the rotation once to learn the state after each step. */
export async function startRotationLane(workspace: Workspace, aliases: readonly string[]): Promise<RotationLane> {
  const setup = { config: { channels: ['Web_Chat'] } };
  const fleet = await startFleet(workspace, Object.fromEntries(aliases.map((alias) => [alias, setup])));
  const orgs = aliases.map((alias) => fleet.org(alias));
  fleet.rewrite(`${SOURCE}/${KEYSET_FILE}-meta.xml`, itemPattern(NEW_KEY), '');
  assert.equal((await fleet.deployAccepted()).exit, 0);
  const reset = resetOf(fleet, workspace, orgs);
  const stateAfter = async (step: RotationStep): Promise<readonly OrgState[]> => {
    await rotateOrFail(fleet, workspace, step);
    return orgs.map(orgState);
  };
  const stage = await stateAfter('stage');
  assert.ok(stage.every((state) => [OLD_KEY, NEW_KEY].every((name) => trusts(state, name))));
  await switchSigner(fleet, workspace);
  const retire = await stateAfter('retire');
  assert.ok(retire.every((state) => trusts(state, NEW_KEY) && !trusts(state, OLD_KEY)));
  reset();
  return { fleet, orgs, complete: { stage, retire }, reset };
}

function resetOf({ project }: Fleet, { folder }: Workspace, orgs: readonly LocalOrg[]): () => void {
  const backup = mkdtempSync(join(folder, 'source-'));
  cpSync(join(project, SOURCE), backup, { recursive: true });
  const edited = [KEYSET_FILE, KEY_FILE];
  const files = orgs.map((org) => edited.map((path) => org.files().get(path) ?? ''));
  return () => {
    cpSync(backup, join(project, SOURCE), { recursive: true });
    rmSync(join(project, 'config/rotations'), { recursive: true, force: true });
    for (const [index, org] of orgs.entries())
      edited.forEach((path, file) => org.edit(path, () => files[index]?.[file] ?? ''));
  };
}

/** Confirms the switch and moves all recorded moments back, so that the old key can be retired now. */
export async function switchSigner(rotation: RotationProject, workspace: Workspace): Promise<void> {
  await rotateOrFail(rotation, workspace, 'switch', { confirm: true });
  const file = join(rotation.project, `config/rotations/${KEYSET}.json`);
  const fourDaysEarlier = (moment: string): string => new Date(Date.parse(moment) - 4 * 24 * 3_600_000).toISOString();
  writeFileSync(file, readFileSync(file, 'utf8').replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, fourDaysEarlier));
}

/** Whether the keyset of an org lists a key that is active. */
export function trusts(state: OrgState, name: string): boolean {
  const keyText = state[`PublicKeyCertificate/${name}.PublicKeyCertificate`] ?? '';
  return itemPattern(name).test(state[KEYSET_FILE] ?? '') && keyText.includes('<isActive>true</isActive>');
}

/** The item of a key in a keyset. */
export const itemPattern = (name: string): RegExp =>
  new RegExp(
    `\\s*<publicKeyCertificateSetKeys>\\s*<publicKeyCertificate>${name}</publicKeyCertificate>\\s*</publicKeyCertificateSetKeys>`,
  );
