import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { sampleRotation } from './fake-backend';
import { events, STEP_FUNCTIONS, runSequence, type Event, type StepFunctions } from './sequence';

const RUNS = 2000;

for (const delivery of ['uploaded', 'endpoint'] as const) {
  test(`${delivery} keys: never rejects a valid token or accepts a retired key in any sequence of events`, async () => {
    let arrived = 0;
    const safe = async (happened: readonly Event[]): Promise<void> => {
      const { violation, anyRetired } = await runSequence(happened, delivery);
      if (anyRetired) arrived++;
      assert.equal(violation, undefined);
    };
    await fc.assert(fc.asyncProperty(events, safe), { numRuns: RUNS });
    assert.ok(arrived > RUNS / 20, `only ${arrived} of ${RUNS} walks got as far as a retirement`);
  });
}

/** Step functions with one guard removed. */
const BROKEN: Readonly<Record<string, Partial<StepFunctions>>> = {
  'that do not wait for tokens to expire': {
    retire: (rotation, world) => STEP_FUNCTIONS.retire({ ...rotation, tokenLifetimeMinutes: 0, cacheHours: 0 }, world),
  },
  'that do not wait for the signer': {
    retire: (rotation, world) =>
      STEP_FUNCTIONS.retire({ ...rotation, switchedAt: rotation.switchedAt ?? sampleRotation().startedAt }, world),
  },
  'that let the signer switch before every org has the new key': {
    confirmSwitch: async (rotation, world, switched) => {
      const result = await STEP_FUNCTIONS.confirmSwitch(rotation, world, switched);
      return { rotation: result.rotation, targets: result.targets };
    },
  },
  'that report a key as retired in an org that was not reached': {
    retire: async (rotation, world) => {
      const result = await STEP_FUNCTIONS.retire(rotation, world);
      const at = world.now().toISOString();
      if (!result.refusal)
        world.save({
          ...result.rotation,
          targets: Object.fromEntries(world.targets().map(({ name }) => [name, { retiredAt: at }])),
        });
      return result;
    },
  },
};

for (const [name, broken] of Object.entries(BROKEN)) {
  test(`the sequence test detects steps ${name}`, async () => {
    const safe = async (happened: readonly Event[]): Promise<boolean> =>
      (await runSequence(happened, 'uploaded', { ...STEP_FUNCTIONS, ...broken })).violation === undefined;
    assert.ok((await fc.check(fc.asyncProperty(events, safe), { numRuns: RUNS })).failed);
  });
}

test('the sequence test detects steps that let the signer switch while a cache can lack the new key', async () => {
  const hasty: StepFunctions = {
    ...STEP_FUNCTIONS,
    confirmSwitch: (rotation, world, switched) =>
      STEP_FUNCTIONS.confirmSwitch({ ...rotation, cacheHours: 0 }, world, switched),
  };
  const safe = async (happened: readonly Event[]): Promise<boolean> =>
    (await runSequence(happened, 'endpoint', hasty)).violation === undefined;
  assert.ok((await fc.check(fc.asyncProperty(events, safe), { numRuns: RUNS })).failed);
});
