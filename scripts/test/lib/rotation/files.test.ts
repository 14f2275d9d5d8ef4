import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readRotation, readRotations, rotationFile, writeRotation } from '../../../lib/rotation';
import { temporaryFolder, writeFixture } from '../../commands-keys/test-project';
import { sampleRotation } from './fake-backend';

const folder = temporaryFolder();

test('reads back an equal rotation, and none in a project without rotations', () => {
  assert.deepEqual(readRotations(folder), { rotations: [], findings: [] });
  writeRotation(folder, sampleRotation(), new Date());
  assert.deepEqual(readRotations(folder), { rotations: [sampleRotation()], findings: [] });
});

const BROKEN: Readonly<Record<string, string>> = {
  'text that is not JSON': '{',
  'an empty file': '',
  'a list': '[]',
  'an unknown member': JSON.stringify({ ...sampleRotation(), secret: 'x' }),
  'an invalid time': JSON.stringify({ ...sampleRotation(), switchedAt: 'yesterday' }),
  'a time without a time zone': JSON.stringify({ ...sampleRotation(), startedAt: '2026-10-01T12:00:00' }),
  'a token lifetime of 0 minutes': JSON.stringify({ ...sampleRotation(), tokenLifetimeMinutes: 0 }),
  'the keyset of another file': JSON.stringify(sampleRotation({ keyset: 'Others' })),
};

for (const [what, text] of Object.entries(BROKEN)) {
  test(`reports a finding and no rotation for ${what}`, () => {
    const { rotation, findings } = readRotation(rotationFile('Customers'), text);
    assert.equal(rotation, undefined);
    assert.ok(
      findings.every(({ rule, severity }) => rule === 'bad-rotation-file' && severity === 'error') &&
        findings.length > 0,
    );
  });
}

test('reads the other files despite an invalid file', () => {
  writeFixture(folder, 'config/rotations/Broken.json', '{');
  assert.deepEqual([readRotations(folder).rotations.length, readRotations(folder).findings.length], [1, 1]);
});
