import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { listRuns } from '../../../lib/plan';
import { temporaryFolder } from '../../commands-keys/test-project';
import { runKeysCommand } from '../../commands-keys/run-keys-command';
import { runInProcess, type CommandName, type RunOptions } from '../../commands/run-command';
import type { FakeMethod, FakeOrg } from '../fake-sf';
import { fakeWorkers } from '../fake-workers';
import { keyFixture } from '../keys/key-fixture';
import { onVirtualTime } from '../virtual-time';

const parent = temporaryFolder();
const KEYSET = 'force-app/main/default/PublicKeyCertificateSet/Identity.PublicKeyCertificateSet-meta.xml';
const OTHER_ID = '00D000000000009EAA';
const WRITES: readonly FakeMethod[] = ['deploy', 'setActive', 'setSessionHandler', 'publish'];

/** A project whose source has a change, and its only org. */
async function startProject() {
  const { folder, sf } = await keyFixture(parent, { one: 1 });
  const file = join(folder, KEYSET);
  const original = readFileSync(file, 'utf8');
  writeFileSync(file, original.replace('<masterLabel>Identity', '<masterLabel>Customers'));
  const run = (name: CommandName, options: RunOptions = {}) =>
    runInProcess(name, folder, fakeWorkers(sf), { accept: ['disruptive'], ...options });
  return { folder, org: sf.org('one'), sf, run };
}

/** The last query of a read of an org. */
const LAST_QUERY = /FROM MessagingChannel WHERE MessageType/;

/** Lets the login belong to another org after the org was read for the plan, and again under the lock. */
function replaceAfterReads(org: FakeOrg): void {
  org.intercept('query', (proceed) => proceed(), LAST_QUERY);
  org.intercept('query', (proceed) => proceed().finally(() => (org.orgId = OTHER_ID)), LAST_QUERY);
  org.calls.length = 0;
}

const writesOf = ({ calls }: FakeOrg): readonly string[] =>
  calls.map(({ method }) => method).filter((method) => WRITES.includes(method));

type Project = Awaited<ReturnType<typeof startProject>>;

/** Each command, with what comes before it. */
const COMMANDS: Readonly<Record<string, (project: Project) => Promise<readonly [CommandName, RunOptions]>>> = {
  deploy: () => Promise.resolve(['deploy', {}]),
  'deploy --rollback-on-failure': () => Promise.resolve(['deploy', { rollbackOnFailure: true }]),
  'deploy of a saved plan': async ({ folder, run }) => {
    const plan = join(folder, 'plan.json');
    assert.equal((await run('plan', { out: plan })).exit, 2);
    return ['deploy', { plan }];
  },
  'deploy --resume': async ({ org, run }) => {
    org.rejectDeploy('Label is required');
    assert.equal((await run('deploy')).exit, 1);
    return ['deploy', { resume: true }];
  },
  rollback: async ({ folder, run }) => {
    assert.equal((await run('deploy')).exit, 0);
    return ['rollback', { run: listRuns(join(folder, '.runs'))[0]?.[0] ?? '' }];
  },
};

for (const [name, prepare] of Object.entries(COMMANDS))
  test(`${name} writes nothing if the login belongs to another org after the read under the lock`, async () => {
    const project = await startProject();
    const [command, options] = await prepare(project);
    replaceAfterReads(project.org);
    const { exit, org } = await project.run(command, options);
    const { status, error } = org('one');
    assert.deepEqual([exit, status, error?.code, writesOf(project.org)], [4, 'unreachable', 'org-mismatch', []]);
  });

test('a saved plan is not applied to another org than it was made for', async () => {
  const project = await startProject();
  const [command, options] = (await COMMANDS['deploy of a saved plan']?.(project)) ?? assert.fail();
  project.org.orgId = OTHER_ID;
  project.org.calls.length = 0;
  const { exit, org } = await project.run(command, options);
  assert.deepEqual([exit, org('one').error?.code, writesOf(project.org)], [4, 'org-mismatch', []]);
});

test('a resumed run asks no other org about its deploy job', async () => {
  const { folder, org, run } = await startProject();
  const { orgId } = org;
  org.fail('deploy', 'connectionLost');
  const lost = await onVirtualTime(() => run('deploy', { submitTimeout: '1s' }));
  assert.equal(lost.result.org('one').error?.code, 'deploy-unknown');
  org.orgId = OTHER_ID;
  const resumed = await run('deploy', { resume: true });
  assert.deepEqual([resumed.exit, resumed.org('one').error?.code], [4, 'org-mismatch']);
  const [runId = ''] = listRuns(join(folder, '.runs'))[0] ?? [];
  const journal = (): string => readFileSync(join(folder, '.runs', runId, 'journal.ndjson'), 'utf8');
  assert.doesNotMatch(journal(), /not submitted/);
  org.orgId = orgId;
  const { result } = await onVirtualTime(() => run('deploy', { resume: true, submitTimeout: '1s' }));
  assert.equal(result.exit, 0);
});

test('a rotation step writes nothing if the login belongs to another org after the read under the lock', async () => {
  const { folder, org, sf } = await startProject();
  replaceAfterReads(org);
  const flags = { verb: 'rotate', step: 'stage', name: 'Identity', newKey: 'New', accept: ['disruptive'] } as const;
  const { document } = await runKeysCommand(folder, flags, fakeWorkers(sf));
  const [result] = document['orgs'] as readonly { readonly error?: { readonly code: string } }[];
  assert.deepEqual([result?.error?.code, writesOf(org)], ['org-mismatch', []]);
});
