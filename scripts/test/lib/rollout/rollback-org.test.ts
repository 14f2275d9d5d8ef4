import assert from 'node:assert/strict';
import { test } from 'node:test';
import { trustRecordOf, type OrgResult, type OrgStatus } from '../../../lib/model';
import { keyFactsOf } from '../../../lib/jwk';
import { transitionFor } from '../../../lib/org';
import { loadProject } from '../../../lib/project';
import { rollBackOrg } from '../../../lib/rollout/rollback-org';
import { temporaryFolder } from '../../commands-keys/test-project';
import { keyFixture } from '../keys/key-fixture';
import { FakeSf, type CliErrorName } from '../fake-sf';
import { desiredState, filesOf, planAll, queue, recordingOptions } from './fleet-fixture';

const parent = temporaryFolder();

/** Plans a change of a queue, deploys it if `deployed`, and rolls it back. */
async function rollBack(status: OrgStatus, deployed: boolean, fault?: CliErrorName) {
  const sf = new FakeSf({ dev: { files: filesOf(queue('Old')) } });
  const org = sf.org('dev');
  const [planned] = await planAll(sf, desiredState(sf, 'dev', [queue('New')]));
  assert.ok(planned?.plan && planned.live);
  const transition = transitionFor(planned.plan, planned.live);
  if (deployed) for (const [path, text] of Object.entries(filesOf(queue('New')))) org.files.set(path, text);
  if (fault) org.fail('retrieve', fault);
  const error = { code: 'deploy-unknown', what: 'It failed.', why: 'It is a test.', fix: 'None.' };
  const result: OrgResult = { ...planned.result, status, error };
  const failure = { desired: planned.desired, result, transition, jobPending: false };
  const rolledBack = await rollBackOrg(sf, failure, recordingOptions().rollout, () => undefined);
  return { rolledBack, file: org.files.get('queues/Chat.queue') ?? '' };
}

test('an org whose result is unknown has failed once it was rolled back', async () => {
  const { rolledBack, file } = await rollBack('unknown', true);
  assert.match(file, /<name>Old</);
  assert.deepEqual([rolledBack.status, rolledBack.checks.at(-1)?.ok], ['failed', true]);
  assert.equal(rolledBack.error?.what, 'It failed. The org was rolled back and contains what it contained before.');
});

test('an org that was not changed needs no deploy job', async () => {
  const { rolledBack } = await rollBack('unknown', false);
  assert.deepEqual([rolledBack.status, rolledBack.deployIds], ['failed', []]);
  assert.equal(rolledBack.checks.at(-1)?.detail, 'The org contains what it contained before.');
});

test('an org that is not rolled back keeps its result, and its error says so', async () => {
  const { rolledBack, file } = await rollBack('unknown', true, 'unreachable');
  assert.match(file, /<name>New</);
  assert.deepEqual([rolledBack.status, rolledBack.checks.at(-1)?.ok], ['unknown', false]);
  assert.match(rolledBack.error?.what ?? '', /^It failed\. The org wasn't rolled back: /);
});

test('an org is not rolled back to the trust in a compromised key', async () => {
  const { folder, sf } = await keyFixture(parent, { dev: 1 });
  const project = loadProject(folder, { orgs: [] }, new Date());
  const [declared = assert.fail()] = project.orgs;
  const thumbprint = keyFactsOf(declared.components.get('PublicKeyCertificate:Old'))?.thumbprint ?? '';
  const key = { thumbprint, name: 'Old', kid: 'Old-1', keyset: 'Identity', markedAt: '2026-10-01T00:00:00.000Z' };
  const [planned] = await planAll(sf, { ...declared, components: new Map(), compromised: [key] });
  assert.ok(planned?.plan && planned.live);
  const { desired, plan, live } = planned;
  for (const [path, text] of Object.entries(filesOf(...plan.toDeploy.values()))) sf.org('dev').files.set(path, text);
  const transition = { ...transitionFor(plan, live), trustBefore: trustRecordOf(live, new Date()) };
  const failure = { desired, result: planned.result, transition, jobPending: false };
  const { checks } = await rollBackOrg(sf, failure, recordingOptions().rollout, () => undefined);
  assert.equal(checks.at(-1)?.ok, false);
  assert.match(checks.at(-1)?.detail ?? '', /wasn't rolled back: .*Old, which the rotation of Identity marked/);
  assert.match(sf.org('dev').files.get('PublicKeyCertificate/Old.PublicKeyCertificate') ?? '', /<isActive>false/);
});
