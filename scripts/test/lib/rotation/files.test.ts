import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readCompromisedKeys, readRotation, readRotations, rotationFile, writeRotation } from '../../../lib/rotation';
import { temporaryFolder, writeFixture } from '../../commands-keys/test-project';
import { NOW } from '../jwk/test-keys';
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

test('names the place of an invalid value, and the file that a rotation belongs in', () => {
  const messageOf = (text: string): string => readRotation(rotationFile('Customers'), text).findings[0]?.message ?? '';
  assert.match(messageOf('{'), /^The file isn't valid JSON: \w/);
  assert.match(messageOf('[]'), /^The file is invalid: /);
  assert.match(
    messageOf(JSON.stringify(sampleRotation({ targets: { dev: { stagedAt: 'x' } } }))),
    /^targets\.dev\.stagedAt is invalid: /,
  );
  assert.equal(
    messageOf(JSON.stringify(sampleRotation({ keyset: 'Others' }))),
    'The file describes the rotation of Others, which belongs in config/rotations/Others.json.',
  );
});

const LEAKED = { thumbprint: 'thumb-old', name: 'Old', kid: 'old', keyset: 'Customers', markedAt: NOW.toISOString() };

test('remembers the old key of a compromised rotation once, and no other key', () => {
  const project = join(folder, 'compromised');
  writeRotation(project, sampleRotation(), NOW);
  assert.deepEqual(readCompromisedKeys(project), []);
  writeRotation(project, sampleRotation({ compromised: true }), NOW);
  writeRotation(project, sampleRotation({ compromised: true }), new Date(NOW.getTime() + 1000));
  assert.deepEqual(readCompromisedKeys(project), [LEAKED]);
  const other = { name: 'Other', kid: 'other', thumbprint: 'thumb-other' };
  writeRotation(project, sampleRotation({ compromised: true, oldKey: other }), NOW);
  assert.deepEqual(readCompromisedKeys(project), [LEAKED, { ...LEAKED, ...other }]);
});

test('throws for an unreadable list of compromised keys, because any key could be one of them', () => {
  for (const [text, why] of [
    ['{', /^The file isn't valid JSON: \w/],
    ['{"keys":[],"keys":[]}', /^The file isn't valid JSON: .*declared twice/],
    ['[]', /^The file is invalid: it must be an object\.$/],
    ['{}', /^keys is invalid: it is missing\.$/],
    ['{"keys":{}}', /^keys is invalid: it must be a list\.$/],
    ['{"keys":[],"key":1}', /^The file is invalid: it has the unknown field "key"\.$/],
    ['{"keys":[{}]}', /^keys\.0\.name is invalid: it is missing\. keys\.0\.kid is invalid: it is missing\. /],
    [JSON.stringify({ keys: [{ ...LEAKED, kid: 1 }] }), /^keys\.0\.kid is invalid: it must be a text in quotes\.$/],
    [
      JSON.stringify({ keys: [{ ...LEAKED, markedAt: 'x' }] }),
      /^keys\.0\.markedAt is invalid: it has an invalid form\.$/,
    ],
    [JSON.stringify({ keys: [{ ...LEAKED, keyset: '' }] }), /^keys\.0\.keyset is invalid: it must be at least 1/],
  ] as const) {
    const project = mkdtempSync(join(folder, 'broken-'));
    writeFixture(project, 'config/compromised-keys.json', text);
    const reason = new RegExp(why.source.replace(/^\^/, '^It lists the keys that no org may trust\\. '));
    assert.throws(() => readCompromisedKeys(project), {
      code: 'unreadable-file',
      exit: 3,
      why: reason,
      what: "config/compromised-keys.json can't be read. Nothing was sent to an org.",
    });
    assert.throws(() => writeRotation(project, sampleRotation(), NOW), { code: 'unreadable-file' });
  }
});
