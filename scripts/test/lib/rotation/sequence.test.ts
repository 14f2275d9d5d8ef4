import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { sampleRotation } from './fake-backend';
import { events, STEP_FUNCTIONS, runSequence, type Event, type StepFunctions } from './sequence';

const RUNS = 2000;

for (const delivery of ['uploaded', 'endpoint'] as const) {
  test(`${delivery} keys: whatever happens on the way, no living token is refused and no retired key accepted`, async () => {
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

/** Machines with one guard taken out. */
const BROKEN: Readonly<Record<string, Partial<StepFunctions>>> = {
  'that does not wait for tokens to end': {
    retire: (rotation, world) => STEP_FUNCTIONS.retire({ ...rotation, tokenLifetimeMinutes: 0, cacheHours: 0 }, world),
  },
  'that does not wait for the signer': {
    retire: (rotation, world) =>
      STEP_FUNCTIONS.retire({ ...rotation, switchedAt: rotation.switchedAt ?? sampleRotation().startedAt }, world),
  },
  'that lets the signer switch before every org has the new key': {
    confirmSwitch: async (rotation, world, switched) => {
      const result = await STEP_FUNCTIONS.confirmSwitch(rotation, world, switched);
      return { rotation: result.rotation, targets: result.targets };
    },
  },
  'that says a key is out where the org was never reached': {
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
  test(`the walk notices a machine ${name}`, async () => {
    const safe = async (happened: readonly Event[]): Promise<boolean> =>
      (await runSequence(happened, 'uploaded', { ...STEP_FUNCTIONS, ...broken })).violation === undefined;
    assert.ok((await fc.check(fc.asyncProperty(events, safe), { numRuns: RUNS })).failed);
  });
}

test('the walk notices a machine that lets the signer switch while a cache may not know the new key', async () => {
  const hasty: StepFunctions = {
    ...STEP_FUNCTIONS,
    confirmSwitch: (rotation, world, switched) =>
      STEP_FUNCTIONS.confirmSwitch({ ...rotation, cacheHours: 0 }, world, switched),
  };
  const safe = async (happened: readonly Event[]): Promise<boolean> =>
    (await runSequence(happened, 'endpoint', hasty)).violation === undefined;
  assert.ok((await fc.check(fc.asyncProperty(events, safe), { numRuns: RUNS })).failed);
});
