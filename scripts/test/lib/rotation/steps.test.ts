import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  checkStaged,
  confirmSwitch,
  deleteKey,
  hasReached,
  retire,
  stage,
  type KeyTrust,
  type Rotation,
  type StepResult,
} from '../../../lib/rotation';
import { FakeBackend, HOUR, sampleRotation } from './fake-backend';

const START = Date.parse(sampleRotation().startedAt);
const at = (hours: number): string => new Date(START + hours * HOUR).toISOString();

/** Two orgs in two waves, `hours` after the rotation started. */
function backendAt(hours: number): FakeBackend {
  const backend = new FakeBackend([1, 2]);
  backend.time = START + hours * HOUR;
  return backend;
}

/** Both orgs trust both keys, and the signer switched long enough ago. */
function readyToRetire(): { readonly backend: FakeBackend; readonly rotation: Rotation } {
  const backend = backendAt(100);
  backend.orgs.forEach((org) => (org.next = true));
  const targets = { org0: { stagedAt: at(1) }, org1: { stagedAt: at(1) } };
  return { backend, rotation: sampleRotation({ targets, switchedAt: at(2) }) };
}

const resultsOf = ({ targets }: StepResult): readonly string[] =>
  targets.map(({ target, result }) => `${target.name} ${result}`);

test('a target state is reached when the org trusts the new key, rejects the old key, or lacks it', () => {
  const trust = (newKeyTrusted: boolean, oldKeyStatus: KeyTrust['oldKeyStatus']): KeyTrust => ({
    newKeyTrusted,
    oldKeyStatus,
  });
  const reached = (keyTrust: KeyTrust): readonly boolean[] =>
    (['staged', 'retired', 'deleted'] as const).map((state) => hasReached(keyTrust, state));
  assert.deepEqual(reached(trust(false, 'trusted')), [false, false, false]);
  assert.deepEqual(reached(trust(true, 'trusted')), [true, false, false]);
  assert.deepEqual(reached(trust(true, 'rejected')), [true, true, false]);
  assert.deepEqual(reached(trust(false, 'missing')), [false, true, true]);
});

test('staging records the time for each org, and saves the rotation before it changes anything', async () => {
  const backend = backendAt(3);
  const result = await stage(sampleRotation(), backend);
  assert.deepEqual(resultsOf(result), ['org0 done', 'org1 done']);
  assert.deepEqual(result.rotation.targets, { org0: { stagedAt: at(3) }, org1: { stagedAt: at(3) } });
  assert.deepEqual(backend.file, result.rotation);
  const interrupted = backendAt(3);
  interrupted.effectsLeft = 4;
  await assert.rejects(stage(sampleRotation(), interrupted));
  assert.deepEqual([interrupted.file, interrupted.source.next], [sampleRotation(), false]);
});

test('each step is refused while the clock is behind the last recorded time', async () => {
  const rotation = sampleRotation({ switchedAt: at(50) });
  for (const step of [stage, checkStaged, retire, deleteKey]) {
    const backend = backendAt(49);
    const { refusal, targets, rotation: after } = await step(rotation, backend);
    assert.match(refusal?.why ?? '', /clock of this machine is behind/);
    assert.deepEqual([targets, after, backend.file], [[], rotation, undefined]);
  }
});

test('a check records the orgs that trust the new key, and clears the record of one that no longer does', async () => {
  const backend = backendAt(5);
  const [one] = backend.orgs.values();
  if (one) one.next = true;
  const rotation = sampleRotation({ targets: { org1: { stagedAt: at(1) } } });
  const result = await checkStaged(rotation, backend);
  assert.deepEqual(resultsOf(result), ['org0 done', 'org1 waiting']);
  assert.deepEqual(result.rotation.targets, { org0: { stagedAt: at(5) }, org1: {} });
  assert.deepEqual(backend.file, result.rotation);
});

test('a check keeps the record of an org that cannot be read, and reports its error', async () => {
  const backend = backendAt(5);
  backend.orgs.get('org1')?.failures.push('unreachable');
  const result = await checkStaged(sampleRotation({ targets: { org1: { stagedAt: at(1) } } }), backend);
  assert.deepEqual(resultsOf(result), ['org0 waiting', 'org1 unreachable']);
  assert.deepEqual(result.rotation.targets, { org1: { stagedAt: at(1) } });
  assert.equal(result.targets[1]?.error?.code, 'org-unreachable');
});

test('a switch is recorded once, only if it is confirmed and every org trusts the new key', async () => {
  const { backend, rotation: switched } = readyToRetire();
  const { switchedAt: _, ...rotation } = switched;
  assert.equal((await confirmSwitch(rotation, backend, false)).rotation.switchedAt, undefined);
  const confirmed = await confirmSwitch(rotation, backend, true);
  assert.deepEqual([confirmed.rotation.switchedAt, confirmed.refusal], [at(100), undefined]);
  assert.deepEqual(resultsOf(confirmed), ['org0 done', 'org1 done']);
  assert.equal(backend.file?.switchedAt, at(100));
  backend.time += HOUR;
  assert.equal((await confirmSwitch(confirmed.rotation, backend, true)).rotation.switchedAt, at(100));
});

test('a switch is refused while an org cannot be read or does not trust the new key', async () => {
  const { backend, rotation: switched } = readyToRetire();
  const { switchedAt: _, ...rotation } = switched;
  backend.orgs.get('org1')?.failures.push('unreachable');
  const unread = await confirmSwitch(rotation, backend, true);
  assert.deepEqual(unread.refusal, {
    why: "org1 couldn't be read: org1 is out of reach.",
    fix: 'Try again.',
    unreachable: true,
  });
  assert.equal(unread.rotation.switchedAt, undefined);
  const org = backend.orgs.get('org1');
  if (org) org.next = false;
  const untrusting = await confirmSwitch(rotation, backend, true);
  assert.match(untrusting.refusal?.why ?? '', /isn't staged in org1/);
  assert.equal(untrusting.rotation.switchedAt, undefined);
});

test('retires the old key in every org, and records the time', async () => {
  const { backend, rotation } = readyToRetire();
  const result = await retire(rotation, backend);
  assert.deepEqual(resultsOf(result), ['org1 done', 'org0 done']);
  assert.deepEqual(result.rotation.targets, {
    org0: { stagedAt: at(1), retiredAt: at(100) },
    org1: { stagedAt: at(1), retiredAt: at(100) },
  });
});

test('does not retire the old key while an org does not trust the new key, unless the old key is compromised', async () => {
  const { backend, rotation } = readyToRetire();
  const org = backend.orgs.get('org1');
  if (org) org.next = false;
  const { refusal, targets } = await retire(rotation, backend);
  assert.deepEqual(refusal, {
    why: 'org1 no longer trusts the new key. Without the old key, its customers would be locked out.',
    fix: 'Stage the new key again: npm run keys -- rotate stage Customers',
  });
  assert.deepEqual([targets, backend.source.retiring, backend.file], [[], true, undefined]);
  const compromised = await retire({ ...rotation, compromised: true }, backend);
  assert.deepEqual(resultsOf(compromised), ['org1 done', 'org0 done']);
});

test('does not retire the old key while an org cannot be read', async () => {
  const { backend, rotation } = readyToRetire();
  backend.orgs.get('org0')?.failures.push('unreachable');
  const { refusal, targets } = await retire(rotation, backend);
  assert.deepEqual(refusal, {
    why: "org0 couldn't be read: org0 is out of reach.",
    fix: 'Try again.',
    unreachable: true,
  });
  assert.deepEqual([targets, backend.source.retiring], [[], true]);
});

test('does not record an org that failed', async () => {
  const { backend, rotation } = readyToRetire();
  backend.orgs.get('org1')?.failures.push('rejected');
  backend.plan = () => Promise.resolve([]);
  const result = await retire(rotation, backend);
  assert.deepEqual(resultsOf(result), ['org1 failed', 'org0 skipped']);
  assert.deepEqual(result.rotation, rotation);
});

test('deletes the old key only after every org rejects it', async () => {
  const { backend, rotation } = readyToRetire();
  assert.match((await deleteKey(rotation, backend)).refusal?.why ?? '', /isn't retired in org0, org1/);
  const retired = await retire(rotation, backend);
  const result = await deleteKey(retired.rotation, backend);
  assert.deepEqual(resultsOf(result), ['org1 done', 'org0 done']);
  assert.equal(result.rotation.targets['org0']?.deletedAt, at(100));
});
