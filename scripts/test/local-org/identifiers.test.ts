import assert from 'node:assert/strict';
import { test } from 'node:test';
import { orgIdOf, parseLatency } from '../../local-org/index';
import { recordId, sameId } from '../../local-org/identifiers';

test('an org id is the same for the same alias and differs for another', () => {
  assert.equal(orgIdOf('dev'), orgIdOf('dev'));
  assert.notEqual(orgIdOf('dev'), orgIdOf('uat'));
  assert.match(orgIdOf('dev'), /^00D[A-Za-z0-9]{15}$/);
});

test('the three check characters tell the case of the fifteen before them', () => {
  // The example every org administrator knows: an id in lower case only ends in AAA.
  for (const id of [orgIdOf('dev'), recordId('0Af', 'x'), recordId('005', 'y', 'z')]) {
    const bits = [0, 5, 10].map((start) =>
      [...id.slice(start, start + 5)].reduce((sum, letter, index) => sum + (/[A-Z]/.test(letter) ? 2 ** index : 0), 0),
    );
    assert.equal(id.slice(15), bits.map((index) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345'[index]).join(''));
  }
});

test('an id is the same with and without check characters', () => {
  const id = orgIdOf('dev');
  assert.ok(sameId(id, id.slice(0, 15)));
  assert.ok(!sameId(id, orgIdOf('uat')));
  assert.ok(!sameId('', ''));
});

test('latency is read in seconds and milliseconds', () => {
  assert.deepEqual(parseLatency('deploy=8s, retrieve=3s,query=200ms,token=0.5s'), {
    deploy: 8000,
    retrieve: 3000,
    query: 200,
    token: 500,
  });
});

for (const [spec, reason] of [
  ['deploy', /"deploy" is not of the form work=time.*Example: deploy=8s/],
  ['fly=3s', /knows no work "fly", only deploy, retrieve/],
  ['deploy=fast', /time "fast" is not a number/],
  ['deploy=8', /time "8" is not a number/],
  ['deploy=1s,deploy=2s', /names "deploy" twice/],
  ['', /is not of the form/],
] as const) {
  test(`latency "${spec}" is refused with the reason`, () => assert.throws(() => parseLatency(spec), reason));
}
