import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { EXIT, ToolError } from '../../lib/errors';
import { startFleet } from './fleet';
import type { Setting } from './ran';
import { lastRun } from './runs';
import { workplace } from './workplace';

const place = workplace();
const GUESTS = { channels: ['Guest_Web_Chat'] };

const outOfReach = (): Error =>
  new ToolError('org-unreachable', { what: 'Gone.', why: 'Gone.', fix: 'Wait.' }, { exit: EXIT.unreachable });
const diskFull = (): Error => new Error('ENOSPC');

/** Something happens as a step of the org is told. */
const at = (step: string, thrown: () => Error): Setting => ({
  accept: ['disruptive'],
  onProgress: (line) => {
    if (line.includes(`dev: ${step}`)) throw thrown();
  },
});

/** A step, what happens at it, and the word and exit code that say what is known of the org then. */
const ENDS = [
  ['deploying', outOfReach, 'unreachable', 4],
  ['deploying', diskFull, 'failed', 1],
  ['submitted', outOfReach, 'unknown', 1],
  ['submitted', diskFull, 'unknown', 1],
  ['deployed', diskFull, 'failed', 1],
  ['activating', outOfReach, 'unknown', 1],
  ['reading back', outOfReach, 'unknown', 1],
] as const;

describe('an org that breaks off is told by what may have been written to it', () => {
  for (const [step, thrown, outcome, exit] of ENDS)
    test(`${thrown.name} at ${step}: ${outcome}`, async () => {
      const fleet = await startFleet(place, { dev: { config: GUESTS } });
      const ran = await fleet.deploy(at(step, thrown));
      assert.deepEqual([ran.org('dev').outcome, ran.exit], [outcome, exit]);
    });

  test('outOfReach at deactivating, with nothing deployed yet: unknown; the rollback is run again and gets through', async () => {
    const fleet = await startFleet(place, { dev: { config: GUESTS } });
    assert.equal((await fleet.force()).exit, 0);
    const run = lastRun(fleet);
    const broken = await fleet.run('rollback', { run, ...at('deactivating', outOfReach) });
    const { outcome, deployIds } = broken.org('dev');
    assert.deepEqual([outcome, deployIds, broken.exit], ['unknown', [], 1]);
    const again = await fleet.run('rollback', { run, accept: ['disruptive'] });
    assert.deepEqual([again.exit, [...fleet.org('dev').files()]], [0, []]);
  });
});
