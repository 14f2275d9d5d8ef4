import assert from 'node:assert/strict';
import { test } from 'node:test';
import { orgIdOf, parseLatency } from '../../local-org/index';
import { recordId, sameId } from '../../local-org/identifiers';

test('the org ID depends only on the alias', () => {
  assert.equal(orgIdOf('dev'), orgIdOf('dev'));
  assert.notEqual(orgIdOf('dev'), orgIdOf('uat'));
  assert.match(orgIdOf('dev'), /^00D[A-Za-z0-9]{15}$/);
});

test('the checksum encodes the case of the first 15 characters', () => {
  // The example every org administrator knows: an id in lower case only ends in AAA.
  for (const id of [orgIdOf('dev'), recordId('0Af', 'x'), recordId('005', 'y', 'z')]) {
    const bits = [0, 5, 10].map((start) =>
      [...id.slice(start, start + 5)].reduce((sum, letter, index) => sum + (/[A-Z]/.test(letter) ? 2 ** index : 0), 0),
    );
    assert.equal(id.slice(15), bits.map((index) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345'[index]).join(''));
  }
});

test('compares IDs with and without a checksum', () => {
  const id = orgIdOf('dev');
  assert.ok(sameId(id, id.slice(0, 15)));
  assert.ok(!sameId(id, orgIdOf('uat')));
  assert.ok(!sameId('', ''));
});

test('parses latency in seconds and milliseconds', () => {
  assert.deepEqual(parseLatency('deploy=8s, retrieve=3s,query=200ms,token=0.5s'), {
    deploy: 8000,
    retrieve: 3000,
    query: 200,
    token: 500,
  });
});

for (const [spec, reason] of [
  ['deploy', /Invalid latency "deploy": expected work=time.*Example: deploy=8s/],
  ['fly=3s', /Unknown work "fly"\. Valid kinds of work: deploy, retrieve/],
  ['deploy=fast', /Invalid time "fast"/],
  ['deploy=8', /Invalid time "8"/],
  ['deploy=1s,deploy=2s', /Duplicate latency for "deploy"/],
  ['', /Invalid latency ""/],
] as const) {
  test(`rejects the latency "${spec}" with a reason`, () => assert.throws(() => parseLatency(spec), reason));
}
