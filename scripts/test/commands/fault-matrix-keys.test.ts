import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { runPostRefresh } from '../../lib/post-refresh';
import { orgIdOf, startLocalOrg, type LocalOrg, type SeedFile } from '../../local-org/index';
import { runKeysCommand, type KeysResult } from '../commands-keys/run-keys-command';
import { documentSchemas, type OrgDocument } from './document-schemas';
import {
  assertComplete,
  CELL_TIMEOUT,
  FAULT_NAMES,
  FaultMatrix,
  LANE_COUNT,
  logLengths,
  type CellRun,
  type Fault,
  type OrgState,
  type RunCommand,
  type RunResult,
} from './fault-cells';
import { startFleet, type Fleet } from './fleet';
import { authorization, channel, deployment, key, keyset, queue, routing } from './import-orgs';
import { testContext, type CapturedOutput } from './run-command';
import { orgState } from './run-helpers';
import { ImportFixture } from './run-import';
import { createWorkspace } from './workspace';

const workspace = createWorkspace();
const matrix = new FaultMatrix(workspace);
const SUBMIT_TIMEOUT = { submitTimeout: '1s' };

describe('rotation steps with a fault at a step', { concurrency: LANE_COUNT }, () => {
  const KEYSET = 'Customer_Identity';
  const [OLD_KEY, NEW_KEY] = ['Customer_Identity_2026_A', 'Customer_Identity_2026_B'];
  const SOURCE = 'force-app/main/default';
  const KEYSET_FILE = `PublicKeyCertificateSet/${KEYSET}.PublicKeyCertificateSet`;
  const KEY_FILE = `PublicKeyCertificate/${OLD_KEY}.PublicKeyCertificate`;
  const KILLS = ['"run":', '"step":"deploying"', '"step":"submitted"', '"step":"deployed"'];
  /** A rotation deploys keys and keysets, which needs no activation and no publication. */
  const FAULTS: readonly Fault[] = [
    ...(['deploy.submit', 'deploy.status'] as const).flatMap((step) => FAULT_NAMES.map((name) => ({ step, name }))),
    { step: 'deploy.work', name: 'row lock' },
  ];
  type Step = 'stage' | 'retire';

  /** Two orgs whose keyset lists the old key. */
  interface Lane {
    readonly fleet: Fleet;
    readonly orgs: readonly LocalOrg[];
    /** The state of each org after a step without a fault. */
    readonly complete: Readonly<Record<Step, readonly OrgState[]>>;
    /** Restores orgs and source to the state before the rotation. */
    readonly reset: () => void;
  }
  const idle: Lane[] = [];
  let count = 0;

  const rotate = ({ project }: Fleet, step: string, flags = {}, pool = workspace.workers): Promise<KeysResult> =>
    runKeysCommand(
      project,
      { verb: 'rotate', step, name: KEYSET, ...(step === 'stage' && { newKey: NEW_KEY }), ...SUBMIT_TIMEOUT, ...flags },
      pool,
    );

  async function rotateOrFail(fleet: Fleet, step: string, flags = {}): Promise<KeysResult> {
    const result = await rotate(fleet, step, flags);
    assert.equal(result.exit, 0, `${step}: ${result.shown}`);
    return result;
  }

  async function startLane(): Promise<Lane> {
    const lane = ++count;
    const setup = { config: { channels: ['Web_Chat'] } };
    const fleet = await startFleet(workspace, { [`first-${lane}`]: setup, [`second-${lane}`]: setup });
    const orgs = fleet.aliases.map((alias) => fleet.org(alias));
    fleet.rewrite(`${SOURCE}/${KEYSET_FILE}-meta.xml`, itemPattern(NEW_KEY), '');
    assert.equal((await fleet.deployAccepted()).exit, 0);
    const reset = resetOf(fleet, orgs);
    const stage = await statesAfterStep(fleet, orgs, 'stage');
    assert.ok(stage.every((state) => [OLD_KEY, NEW_KEY].every((name) => trusts(state, name))));
    await switchSigner(fleet);
    const retire = await statesAfterStep(fleet, orgs, 'retire');
    assert.ok(retire.every((state) => trusts(state, NEW_KEY) && !trusts(state, OLD_KEY)));
    reset();
    return { fleet, orgs, complete: { stage, retire }, reset };
  }

  async function statesAfterStep(fleet: Fleet, orgs: readonly LocalOrg[], step: Step): Promise<readonly OrgState[]> {
    await rotateOrFail(fleet, step);
    return orgs.map(orgState);
  }

  function resetOf({ project }: Fleet, orgs: readonly LocalOrg[]): () => void {
    const backup = mkdtempSync(join(workspace.folder, 'source-'));
    cpSync(join(project, SOURCE), backup, { recursive: true });
    const edited = [KEYSET_FILE, KEY_FILE];
    const files = orgs.map((org) => edited.map((path) => org.files().get(path) ?? ''));
    return () => {
      cpSync(backup, join(project, SOURCE), { recursive: true });
      rmSync(join(project, 'config/rotations'), { recursive: true });
      for (const [index, org] of orgs.entries())
        edited.forEach((path, file) => org.edit(path, () => files[index]?.[file] ?? ''));
    };
  }

  /** Confirms the switch and moves all recorded moments back, so that the old key can be retired now. */
  async function switchSigner(fleet: Fleet): Promise<void> {
    await rotateOrFail(fleet, 'switch', { confirm: true });
    const file = join(fleet.project, `config/rotations/${KEYSET}.json`);
    const fourDaysEarlier = (moment: string): string => new Date(Date.parse(moment) - 4 * 24 * 3_600_000).toISOString();
    writeFileSync(file, readFileSync(file, 'utf8').replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, fourDaysEarlier));
  }

  async function useLane(use: (lane: Lane) => Promise<void>): Promise<void> {
    const lane = idle.pop() ?? (await startLane());
    await use(lane);
    lane.reset();
    idle.push(lane);
  }

  const cellOf = ({ orgs, complete }: Lane, step: Step, row: string): CellRun => ({
    ...{ row: `rotate ${step} ${row}`, orgs, complete: complete[step], unreachableExit: 1 },
    resumeCommand: new RegExp(`npm run keys -- rotate ${step} ${KEYSET}`),
  });

  const runStep =
    ({ fleet }: Lane, step: Step): RunCommand =>
    async (pool) => {
      const { exit, document } = await rotate(fleet, step, {}, pool);
      const { orgs, targets } = document as unknown as RotateDocument;
      assert.deepEqual(
        targets.map(({ target, result }) => [target.name, result]),
        orgs.map(({ alias, status }) => [alias, TARGET_RESULTS[status]]),
      );
      return { exit, orgs };
    };

  /** Repeats an incomplete step. */
  async function repeatStep(lane: Lane, step: Step, starts: readonly number[]): Promise<void> {
    const { document } = await rotateOrFail(lane.fleet, step);
    assert.equal(document['stage'], step === 'stage' ? 'staged' : 'retired');
    assertComplete(cellOf(lane, step, ''), starts, { jobs: 1, publishes: false });
  }

  async function interruptBothSteps(lane: Lane, interrupt: (step: Step) => Promise<void>): Promise<void> {
    for (const step of ['stage', 'retire'] as const) {
      if (step === 'retire') await switchSigner(lane.fleet);
      const starts = logLengths(lane.orgs);
      await interrupt(step);
      await repeatStep(lane, step, starts);
    }
  }

  for (const fault of FAULTS)
    test(`repeated rotation steps complete after ${fault.name} at ${fault.step}`, CELL_TIMEOUT, () =>
      useLane((lane) =>
        interruptBothSteps(lane, (step) =>
          matrix.runWithFault(cellOf(lane, step, fault.step), fault, runStep(lane, step)),
        ),
      ),
    );

  for (const text of KILLS)
    test(`repeated rotation steps complete after kills at ${text}`, CELL_TIMEOUT, () =>
      useLane((lane) =>
        interruptBothSteps(lane, (step) =>
          matrix.kill(lane.orgs, {
            ...{ row: `rotate ${step}`, project: lane.fleet.project, command: 'keys', text },
            args: ['rotate', step, KEYSET, ...(step === 'stage' ? ['--new-key', NEW_KEY] : [])],
          }),
        ),
      ),
    );

  /** Whether the keyset of an org lists a key that is active. */
  function trusts(state: OrgState, name: string): boolean {
    const keyText = state[`PublicKeyCertificate/${name}.PublicKeyCertificate`] ?? '';
    return itemPattern(name).test(state[KEYSET_FILE] ?? '') && keyText.includes('<isActive>true</isActive>');
  }
});

/** The item of a key in a keyset. */
const itemPattern = (name: string): RegExp =>
  new RegExp(
    `\\s*<publicKeyCertificateSetKeys>\\s*<publicKeyCertificate>${name}</publicKeyCertificate>\\s*</publicKeyCertificateSetKeys>`,
  );

interface RotateDocument {
  readonly orgs: readonly OrgDocument[];
  readonly targets: readonly { readonly target: { readonly name: string }; readonly result: string }[];
}

/** The result of a target for each status of its org. */
const TARGET_RESULTS: Readonly<Record<OrgDocument['status'], string>> = {
  changed: 'done',
  unchanged: 'done',
  failed: 'failed',
  unreachable: 'failed',
  unknown: 'unknown',
  skipped: 'skipped',
  planned: 'failed',
};

describe('post-refresh with a fault at a step', { concurrency: LANE_COUNT }, () => {
  const fixture = new ImportFixture(workspace);
  const PRODUCTION_ISSUER = 'https://id.example.com';
  /** The first deploy restores the sandbox's own keys and activates the channel; the second removes production's keys. */
  const FAULTS: readonly Fault[] = [
    ...(['update', 'deploy.submit', 'deploy.status', 'publish'] as const).flatMap((step) =>
      FAULT_NAMES.map((name) => ({ step, name })),
    ),
    ...FAULT_NAMES.map((name) => ({ step: 'deploy.submit', name, call: 2 }) as const),
    ...FAULT_NAMES.map((name) => ({ step: 'deploy.status', name, call: 2 }) as const),
    { step: 'deploy.work', name: 'row lock' },
    { step: 'deploy.work', name: 'row lock', call: 2 },
  ];
  const KILLS = [
    ['"run":', 1],
    ['"step":"deploying"', 1],
    ['"step":"submitted"', 1],
    ['"step":"activating"', 1],
    ['"step":"publishing"', 1],
    ['"run":', 2],
    ['"step":"deploying"', 2],
    ['"step":"submitted"', 2],
    ['"step":"publishing"', 2],
  ] as const;

  interface Sandbox {
    readonly org: LocalOrg;
    readonly project: string;
  }
  let template = '';
  let complete: OrgState;
  let count = 0;

  before(async () => {
    await fixture.start('real', { kind: 'production', seed: await refreshedSeed(true) });
    template = fixture.project();
    assert.equal((await fixture.import(template, ['real'], { write: true })).exit, 0);
    const { path, content } = await key('Uat_Key');
    writeFileSync(join(template, `force-app/main/default/${path}-meta.xml`), content);
    const sandbox = await startSandbox();
    const { exit, shown } = await restore(sandbox);
    assert.equal(exit, 0, shown);
    complete = stateOf(sandbox.org);
    assertRestored(sandbox);
  });

  /** The metadata of production, which a refresh copies to the sandbox. The channel is inactive in the sandbox. */
  async function refreshedSeed(active: boolean): Promise<readonly SeedFile[]> {
    return [
      ...[queue(), routing(), await key('Prod_A'), await key('Prod_B')],
      ...[
        keyset('Identity', PRODUCTION_ISSUER, 'Prod_A', 'Prod_B'),
        channel('Web_Chat', authorization('Identity'), { active }),
        deployment('Web_Chat', 'Web_Chat'),
      ],
    ];
  }

  /** A sandbox that was just refreshed, and a project whose org file contains its previous org ID. */
  async function startSandbox(): Promise<Sandbox> {
    const alias = `uat-${++count}`;
    const org = await startLocalOrg({
      ...{ alias, kind: 'sandbox', port: 0, loginKey: workspace.loginKey },
      seed: await refreshedSeed(false),
    });
    workspace.onCleanup(() => org.close());
    await workspace.logIn(org);
    const project = mkdtempSync(join(workspace.folder, 'refreshed-'));
    cpSync(template, project, { recursive: true });
    mkdirSync(join(project, 'config/orgs'), { recursive: true });
    writeFileSync(join(project, `config/orgs/${alias}.json`), orgFile(orgIdOf(`${alias} before`)));
    return { org, project };
  }

  const orgFile = (orgId: string): string =>
    JSON.stringify({
      ...{ orgId, kind: 'sandbox', channels: ['Web_Chat'] },
      overrides: {
        PublicKeyCertificateSet: {
          Identity: {
            jwtIssuer: 'https://id.uat.example.com',
            publicKeyCertificateSetKeys: [{ publicKeyCertificate: 'Uat_Key' }],
          },
        },
      },
    });

  async function restore(
    { org, project }: Sandbox,
    pool = workspace.workers,
  ): Promise<RunResult & { readonly shown: string }> {
    const output: CapturedOutput = { shown: [], documents: [], progress: [], questions: [] };
    const options = { org: [org.alias], accept: ['new-org-id'], lockTimeout: '30s', ...SUBMIT_TIMEOUT };
    const { flags, ...context } = testContext(project, options, output);
    const exit = await runPostRefresh({ ...context, flags: { ...flags, verify: false } }, pool);
    const document: unknown = JSON.parse(output.documents[0] ?? '');
    const { orgs } = documentSchemas.deploy.parse({ ...(document as object), command: 'deploy' });
    return { exit, orgs, shown: output.shown.join('\n') };
  }

  /** The state of an org without differences in whitespace: the seed has other whitespace than a deployed file. */
  const stateOf = (org: LocalOrg): OrgState =>
    Object.fromEntries(Object.entries(orgState(org)).map(([name, text]) => [name, text.replace(/>\s+</g, '><')]));

  function assertRestored({ org, project }: Sandbox): void {
    const state = stateOf(org);
    assert.equal(state['Web_Chat'], 'true', 'the channel is active');
    assert.doesNotMatch(JSON.stringify(state), /Prod_|https:\/\/id\.example\.com/);
    assert.equal(readFileSync(join(project, `config/orgs/${org.alias}.json`), 'utf8'), orgFile(org.orgId));
  }

  const cellOf = ({ org }: Sandbox, row: string): CellRun => ({
    ...{ row: `post-refresh ${row}`, orgs: [org], complete: [complete], stateOf },
    resumeCommand: new RegExp(`npm run post-refresh -- --org ${org.alias}`),
  });

  async function repeatRestore(sandbox: Sandbox): Promise<void> {
    const { exit, shown } = await restore(sandbox);
    assert.equal(exit, 0, shown);
    assertRestored(sandbox);
    assertComplete(cellOf(sandbox, ''), [0], { jobs: 2, publishes: true });
  }

  for (const fault of FAULTS) {
    const row = `${fault.step}${fault.call === 2 ? ' (second deploy)' : ''}`;
    test(`a repeated post-refresh completes after ${fault.name} at ${row}`, CELL_TIMEOUT, async () => {
      const sandbox = await startSandbox();
      await matrix.runWithFault(cellOf(sandbox, row), fault, (pool) => restore(sandbox, pool));
      await repeatRestore(sandbox);
    });
  }

  for (const [text, number] of KILLS)
    test(`a repeated post-refresh completes after a kill at ${text} of deploy ${number}`, CELL_TIMEOUT, async () => {
      const sandbox = await startSandbox();
      const { org, project } = sandbox;
      await matrix.kill([org], {
        ...{ row: 'post-refresh', project, command: 'post-refresh', text, count: number },
        args: ['--org', org.alias, '--accept', 'new-org-id', '--no-verify'],
      });
      await repeatRestore(sandbox);
    });
});
