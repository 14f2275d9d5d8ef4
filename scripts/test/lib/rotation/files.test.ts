import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readRotation, readRotations, rotationFile, writeRotation } from '../../../lib/rotation';
import { temporaryFolder, writeFixture } from '../../commands-keys/test-project';
import { sampleRotation } from './fake-backend';

const folder = temporaryFolder();

test('a rotation comes back as it was written, and a project without any has none', () => {
  assert.deepEqual(readRotations(folder), { rotations: [], findings: [] });
  writeRotation(folder, sampleRotation());
  assert.deepEqual(readRotations(folder), { rotations: [sampleRotation()], findings: [] });
});

const BROKEN: Readonly<Record<string, string>> = {
  'no JSON': '{',
  'an empty file': '',
  'no object': '[]',
  'a member too many': JSON.stringify({ ...sampleRotation(), secret: 'x' }),
  'a moment that is none': JSON.stringify({ ...sampleRotation(), switchedAt: 'yesterday' }),
  'a moment without its zone': JSON.stringify({ ...sampleRotation(), startedAt: '2026-10-01T12:00:00' }),
  'no token life': JSON.stringify({ ...sampleRotation(), tokenLifetimeMinutes: 0 }),
  'the keyset of another file': JSON.stringify(sampleRotation({ keyset: 'Others' })),
};

for (const [what, text] of Object.entries(BROKEN)) {
  test(`${what} is a finding, never a rotation`, () => {
    const { rotation, findings } = readRotation(rotationFile('Customers'), text);
    assert.equal(rotation, undefined);
    assert.ok(
      findings.every(({ rule, severity }) => rule === 'bad-rotation-file' && severity === 'error') &&
        findings.length > 0,
    );
  });
}

test('one broken file does not hide the others', () => {
  writeFixture(folder, 'config/rotations/Broken.json', '{');
  assert.deepEqual([readRotations(folder).rotations.length, readRotations(folder).findings.length], [1, 1]);
});
